//! Discovery documents, for clients that are built from them.

use serde_json::Value;

use crate::caller::Caller;

#[tokio::test]
async fn each_api_describes_itself_and_leads_here() {
    let caller = Caller::start().await;
    for api in [
        "cloudcommerceprocurement",
        "iam",
        "iamcredentials",
        "pubsub",
        "servicecontrol",
    ] {
        let path = format!("/{api}.googleapis.com/$discovery/rest?version=v1");
        let response = caller.plain(&path).await;
        assert_eq!(response.status(), 200, "{api}");
        let document: Value = response.json().await.unwrap();
        assert_eq!(document["name"], api);
        let root = format!("{}/{api}.googleapis.com/", caller.sim.origin());
        for name in ["rootUrl", "baseUrl", "mtlsRootUrl"] {
            assert_eq!(document[name], root, "{api}");
        }
        assert!(document["resources"].is_object());
    }
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_not_described_is_not_found() {
    let caller = Caller::start().await;
    for path in [
        "/iam.googleapis.com/$discovery/rest?version=v9",
        "/storage.googleapis.com/$discovery/rest?version=v1",
        "/iam.googleapis.com/$discovery",
    ] {
        assert_eq!(caller.plain(path).await.status(), 404, "{path}");
    }
    assert_eq!(caller.sim.violations().len(), 3);
}
