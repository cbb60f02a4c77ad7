use google_calls::Http;

use crate::fake::{Fake, FakeAnswer};

#[tokio::test]
async fn calls_name_portico_and_follow_no_redirect() {
    let fake = Fake::start().await;
    fake.then(
        "host",
        FakeAnswer::Whole(302, "location: /elsewhere", String::new()),
    );

    let client = Http::new().client().await.unwrap();
    let url = format!("{}/host/keys", fake.address());
    let answer = client.get(url).send().await.unwrap();

    assert_eq!(answer.status(), 302);
    assert_eq!(fake.calls("host"), ["GET /keys"]);
    assert_eq!(fake.calls("elsewhere"), Vec::<String>::new());
    let agent = &fake.received("host")[0].headers["user-agent"];
    assert!(agent.starts_with("portico/"), "{agent}");
}

#[tokio::test]
async fn many_callers_share_one_build() {
    let fake = Fake::start().await;
    let http = Http::new();
    http.warm_up().await;
    let url = format!("{}/host/keys", fake.address());
    let calls: Vec<_> = (0..8)
        .map(|_| {
            let (http, url) = (http.clone(), url.clone());
            tokio::spawn(async move {
                let client = http.client().await.unwrap();
                client.get(url).send().await.unwrap().status()
            })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), 418);
    }
}
