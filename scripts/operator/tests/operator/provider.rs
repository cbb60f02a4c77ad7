//! Whose the store is.

use marketplace::{EntitlementId, EntitlementState, ProcurementAccountId, ProductId, ProviderId};
use store::{Account, Approval, Deployment as StoredDeployment, Entitlement};

use crate::cloud_project::CloudProject;
use crate::deployment::{Deployment, assert_has, soon};
use crate::ledger_rows::{ago, hours};

const ADOPT: [&str; 2] = ["adopt-provider", "--yes"];

fn provider(text: &str) -> ProviderId {
    ProviderId::parse(text).unwrap()
}

fn order() -> EntitlementId {
    EntitlementId::parse("E-1").unwrap()
}

/// Gives the store to a provider, with an account and an order that do not say whose they are.
async fn belongs_to(deployment: &Deployment, owner: &str) -> ProcurementAccountId {
    let since = ago(hours(1));
    let record = StoredDeployment {
        provider: provider(owner),
        since,
    };
    deployment.put_record(&record).await;
    let account = deployment.simulator.create_account();
    deployment.put(&account, Approval::Approved, None).await;
    let product = ProductId::parse("example-product").unwrap();
    let state = EntitlementState::Active;
    let record = Entitlement::new(&order(), &account, &product, &state, since);
    deployment.put_record(&record).await;
    account
}

async fn owner(deployment: &Deployment) -> Option<ProviderId> {
    let stored = deployment.store.deployment(soon()).await.unwrap();
    stored.map(|stored| stored.record.provider)
}

#[tokio::test]
async fn the_store_is_adopted_and_what_was_there_is_set_aside() {
    let deployment = Deployment::open().await;
    let account = belongs_to(&deployment, "vendor-before").await;
    let says = [
        "belongs to vendor-before, and PROCUREMENT_PROVIDER is example-partner",
        "vendor-before, by default: 1 accounts, 1 orders",
        "Of 1 accounts that were looked for, Google has 1",
        "1 accounts and 1 orders were marked",
    ];
    deployment.done_with(&ADOPT, &says).await;
    assert_eq!(owner(&deployment).await, Some(provider("example-partner")));
    let stored = deployment.stored(&account).await.unwrap();
    assert_eq!(stored.provider, Some(provider("vendor-before")));
    let stored = deployment.store.entitlement(&order(), soon()).await;
    let stored = stored.unwrap().unwrap().record;
    assert_eq!(stored.provider, Some(provider("vendor-before")));
    let line = "provider-adopted  from=vendor-before  to=example-partner";
    assert_has(&deployment.journal().await, &[line]);
    deployment.done_with(&ADOPT, &["already"]).await;
    let figures = "Of 0 accounts that are live";
    deployment.done_with(&["absences"], &[figures]).await;
}

#[tokio::test]
async fn a_store_with_a_record_that_cannot_be_read_is_not_adopted() {
    for (collection, field) in [("accounts", "approval"), ("entitlements", "state")] {
        let deployment = Deployment::open().await;
        let account = belongs_to(&deployment, "vendor-before").await;
        let fields = [(field, "of a later version")];
        deployment.put_unreadable(collection, "X-1", &fields).await;
        let why = "1 stored accounts and orders cannot be read";
        deployment.refused_with(&ADOPT, why).await;
        assert_eq!(owner(&deployment).await, Some(provider("vendor-before")));
        assert_eq!(deployment.stored(&account).await.unwrap().provider, None);
    }
}

#[tokio::test]
async fn a_record_of_the_new_provider_stays_its_own() {
    let deployment = Deployment::open().await;
    belongs_to(&deployment, "vendor-before").await;
    let own = deployment.simulator.create_account();
    let record = Account {
        provider: Some(provider("example-partner")),
        ..Account::new(&own, Approval::Approved, ago(hours(1)))
    };
    deployment.put_record(&record).await;
    deployment.done(&ADOPT).await;
    let stored = deployment.stored(&own).await.unwrap();
    assert_eq!(stored.provider, record.provider);
}

#[tokio::test]
async fn without_a_confirmation_the_store_stays_whose_it_is() {
    let deployment = Deployment::open().await;
    let account = belongs_to(&deployment, "vendor-before").await;
    deployment.run(&ADOPT[..1]).await.failed(64);
    assert_eq!(owner(&deployment).await, Some(provider("vendor-before")));
    assert_eq!(deployment.stored(&account).await.unwrap().provider, None);
}

#[tokio::test]
async fn a_store_of_nobody_needs_no_adoption() {
    let deployment = Deployment::open().await;
    deployment.done_with(&ADOPT, &["is empty"]).await;
    let account = deployment.simulator.create_account();
    deployment.put(&account, Approval::Approved, None).await;
    let says = ["Google has 1 under", "by itself at the next reconciliation"];
    deployment.done_with(&ADOPT, &says).await;
    deployment.simulator.delete_account(&account).unwrap();
    let says = ["Google has 0 under", "compare PROCUREMENT_PROVIDER"];
    deployment.done_with(&ADOPT, &says).await;
    assert_eq!(owner(&deployment).await, None);
}

#[tokio::test]
async fn the_doctor_explains_a_store_of_another_provider() {
    let cloud = CloudProject::open().await;
    let record = StoredDeployment {
        provider: provider("vendor-before"),
        since: ago(hours(1)),
    };
    cloud.deployment.put_record(&record).await;
    let diagnosis = cloud.examine(&[]).await;
    let fix = "operator adopt-provider";
    diagnosis.names_only(
        "stored records",
        "belongs to the provider vendor-before",
        fix,
    );
}
