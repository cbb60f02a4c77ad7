//! Documents with any fields, whether or not they make a record.

use std::time::Duration;

use jiff::Timestamp;
use marketplace::{Deadline, EntitlementId, ProcurementAccountId};

use crate::documents::fields::Fields;
use crate::documents::value::{StoredFields, Value};
use crate::{Commit, Document, FirestoreSettings, Record, Store};

/// The fields of a document, by their stored names.
pub(super) type Named = Vec<(&'static str, Value)>;

/// An empty store in the Firestore emulator.
pub(super) fn emulated_store() -> Store {
    Store::firestore(FirestoreSettings {
        project: function_tests::emulator::new_project(),
        database: "(default)".to_owned(),
        emulator: Some(function_tests::emulator::host()),
    })
}

/// Generous: the emulator shares its machine with the compiler.
pub(super) fn deadline() -> Deadline {
    Deadline::after(Duration::from_mins(1))
}

pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + seconds).unwrap()
}

pub(super) fn account_id(text: &str) -> ProcurementAccountId {
    ProcurementAccountId::parse(text).unwrap()
}

pub(super) fn order(text: &str) -> EntitlementId {
    EntitlementId::parse(text).unwrap()
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(super) fn time(seconds: i64) -> Value {
    Value::Time(at(seconds).as_microsecond())
}

/// Writes these fields of a document, and leaves its others as they are.
pub(super) async fn put(store: &Store, document: Document, fields: &[(&'static str, Value)]) {
    let fields = fields.iter();
    let fields = fields.fold(Fields::new(), |all, (name, value)| all.with(name, value));
    put_record(store, Record { document, fields }).await;
}

pub(super) async fn put_record(store: &Store, record: impl Into<Record>) {
    let commit = Commit::new().put(record);
    store.commit(commit, deadline()).await.unwrap();
}

/// All that is stored of a document.
pub(super) async fn stored(store: &Store, document: &Document) -> StoredFields {
    let found = store
        .fetch(std::slice::from_ref(document), deadline())
        .await;
    found.unwrap().remove(0).unwrap().fields
}
