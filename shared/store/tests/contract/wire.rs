//! What Firestore itself sees: names and types of fields, and documents that others wrote.

use std::collections::HashMap;

use gcloud_sdk::google::firestore::v1::firestore_client::FirestoreClient;
use gcloud_sdk::google::firestore::v1::value::ValueType;
use gcloud_sdk::google::firestore::v1::{
    Document as Wire, GetDocumentRequest, UpdateDocumentRequest, Value,
};
use gcloud_sdk::tonic::transport::Channel;
use store::{Commit, FirestoreSettings, Store};

use function_tests::emulator::host;

use crate::emulator::settings;
use crate::samples::{
    account_id, at, bare_account, bare_hand_off, deadline, event, full_session, moment, token, user,
};

/// A store and a plain client of the same project.
struct Project {
    store: Store,
    settings: FirestoreSettings,
    client: FirestoreClient<Channel>,
}

impl Project {
    fn new() -> Self {
        let settings = settings(host());
        let channel = Channel::from_shared(format!("http://{}", host())).unwrap();
        Self {
            store: Store::firestore(settings.clone()),
            client: FirestoreClient::new(channel.connect_lazy()),
            settings,
        }
    }

    fn name(&self, path: &str) -> String {
        let project = &self.settings.project;
        format!("projects/{project}/databases/(default)/documents/{path}")
    }

    async fn fields(&self, path: &str) -> HashMap<String, Value> {
        let request = GetDocumentRequest {
            name: self.name(path),
            ..GetDocumentRequest::default()
        };
        let answer = self.client.clone().get_document(request).await;
        answer.unwrap().into_inner().fields
    }

    /// Replaces a document by these fields.
    async fn write(&self, path: &str, fields: HashMap<String, Value>) {
        let request = UpdateDocumentRequest {
            document: Some(Wire {
                name: self.name(path),
                fields,
                ..Wire::default()
            }),
            ..UpdateDocumentRequest::default()
        };
        let answer = self.client.clone().update_document(request).await;
        answer.unwrap();
    }
}

fn value(value: ValueType) -> Value {
    Value {
        value_type: Some(value),
    }
}

#[tokio::test]
async fn what_expires_has_a_timestamp_for_firestores_ttl() {
    let project = Project::new();
    let session = full_session();
    let commit = Commit::new()
        .create(&session)
        .create(bare_hand_off(1))
        .create(event("event-1"));
    project.store.commit(commit, deadline()).await.unwrap();

    let replay = format!("replays/{}", token(1));
    for (path, seconds) in [(replay.as_str(), 360), ("events/event-1", 35 * 86_400)] {
        let fields = project.fields(path).await;
        let Some(ValueType::TimestampValue(time)) = &fields["expire_at"].value_type else {
            panic!("{path}");
        };
        assert_eq!(time.seconds, at(seconds).as_second(), "{path}");
        assert_eq!(time.nanos, 123_456_000, "{path}");
    }
}

#[tokio::test]
async fn a_session_is_stored_under_a_hash_of_its_id() {
    let project = Project::new();
    let session = full_session();
    let commit = Commit::new().create(&session);
    project.store.commit(commit, deadline()).await.unwrap();
    let by_id = format!("sessions/{}", session.id.cookie_value());
    let request = GetDocumentRequest {
        name: project.name(&by_id),
        ..GetDocumentRequest::default()
    };
    let answer = project.client.clone().get_document(request).await;
    assert!(answer.is_err());
    let found = project.store.session(&session.id, moment(1)).await;
    assert!(found.unwrap().is_some());
}

#[tokio::test]
async fn fields_of_a_newer_version_survive() {
    let project = Project::new();
    let create = Commit::new().create(bare_account("account-1"));
    project.store.commit(create, deadline()).await.unwrap();
    let mut fields = project.fields("accounts/account-1").await;
    let newer = value(ValueType::DoubleValue(1.5));
    fields.insert("newer".to_owned(), newer.clone());
    project.write("accounts/account-1", fields).await;

    let account = account_id("account-1");
    let found = project.store.account(&account, deadline()).await.unwrap();
    let mut found = found.unwrap();
    assert_eq!(found.record, bare_account("account-1"));
    found.record.company = Some("Company".to_owned());
    let replace = Commit::new().replace(&found.record, &found.version);
    project.store.commit(replace, deadline()).await.unwrap();

    let fields = project.fields("accounts/account-1").await;
    assert_eq!(fields["newer"], newer);
    assert_eq!(
        fields["company"],
        value(ValueType::StringValue("Company".to_owned()))
    );
}

#[tokio::test]
async fn a_document_of_another_make_is_an_error_that_does_not_show_it() {
    let project = Project::new();
    let create = Commit::new().create(bare_account("account-1"));
    project.store.commit(create, deadline()).await.unwrap();
    let good = project.fields("accounts/account-1").await;
    let secret = value(ValueType::StringValue("a secret".to_owned()));
    let wrong = [
        ("approval", Some(secret.clone())),
        ("created", None),
        ("created", Some(secret.clone())),
        ("company", Some(value(ValueType::IntegerValue(1)))),
        ("service_account", Some(secret)),
    ];
    for (field, wrong) in wrong {
        let mut fields = good.clone();
        fields.remove(field);
        fields.extend(wrong.map(|wrong| (field.to_owned(), wrong)));
        project.write("accounts/account-1", fields).await;
        let found = project
            .store
            .account(&account_id("account-1"), deadline())
            .await;
        assert_eq!(
            found.unwrap_err().to_string(),
            format!(
                "a document of `accounts` cannot be read: its field `{field}` is missing or malformed"
            )
        );
    }
    project
        .write("links/account-1:user-1", HashMap::new())
        .await;
    let account = account_id("account-1");
    let found = project
        .store
        .link(&account, &user("user-1"), deadline())
        .await;
    assert_eq!(
        found.unwrap_err().to_string(),
        "a document of `links` cannot be read: its field `account` is missing or malformed"
    );
}
