//! The three calls to Firestore.

use std::collections::HashMap;

use gcloud_sdk::google::firestore::v1::batch_get_documents_response::Result as Got;
use gcloud_sdk::google::firestore::v1::precondition::ConditionType;
use gcloud_sdk::google::firestore::v1::run_query_request::QueryType;
use gcloud_sdk::google::firestore::v1::write::Operation;
use gcloud_sdk::google::firestore::v1::{
    BatchGetDocumentsRequest, CommitRequest, Document as Wire, DocumentMask, Precondition,
    RunQueryRequest, Write as WireWrite,
};
use jiff::Timestamp;

use super::FirestoreSettings;
use super::call_failure::CallFailure;
use super::connection::Client;
use super::wire_query::structured;
use super::wire_values as values;
use crate::Document;
use crate::documents::commit::{Change, Guard, Write};
use crate::documents::query::Query;
use crate::documents::record::StoredDocument;

/// How Firestore names the database and what is in it.
pub(super) struct Names {
    database: String,
    documents: String,
}

impl Names {
    pub(super) fn new(settings: &FirestoreSettings) -> Self {
        let database = settings.database_name();
        let documents = format!("{database}/documents");
        Self {
            database,
            documents,
        }
    }

    fn document(&self, document: &Document) -> String {
        format!("{}/{}/{}", self.documents, document.collection, document.id)
    }
}

/// Reads documents of any collections; the answer is in the order of the question.
pub(super) async fn fetch(
    client: Client,
    names: &Names,
    documents: &[Document],
) -> Result<Vec<Option<StoredDocument>>, CallFailure> {
    let wanted: Vec<_> = documents.iter().map(|d| names.document(d)).collect();
    let request = BatchGetDocumentsRequest {
        database: names.database.clone(),
        documents: wanted.clone(),
        ..BatchGetDocumentsRequest::default()
    };
    tracing::debug!(
        call = "read",
        documents = wanted.len(),
        "Firestore was asked"
    );
    let answers = client.calls().batch_get_documents(request).await?;
    let mut answers = answers.into_inner();
    let mut found = HashMap::new();
    while let Some(answer) = answers.message().await? {
        match answer.result {
            Some(Got::Found(wire)) => found.insert(wire.name.clone(), Some(stored(wire)?)),
            Some(Got::Missing(name)) => found.insert(name, None),
            None => None,
        };
    }
    let answers = wanted.iter().map(|name| {
        let answer = found.remove(name);
        answer.ok_or_else(|| CallFailure::unexpected("a document was not answered for"))
    });
    answers.collect()
}

/// When Firestore reads a document, by its own clock. The document need not be there.
///
/// Source: `BatchGetDocumentsResponse.read_time`, which grows from answer to answer.
pub(super) async fn now(client: Client, names: &Names) -> Result<Timestamp, CallFailure> {
    let request = BatchGetDocumentsRequest {
        database: names.database.clone(),
        documents: vec![names.document(&Document::deployment())],
        ..BatchGetDocumentsRequest::default()
    };
    tracing::debug!(call = "clock", "Firestore was asked");
    let answers = client.calls().batch_get_documents(request).await?;
    let answer = answers.into_inner().message().await?;
    let time = answer.and_then(|answer| answer.read_time);
    time.and_then(values::timestamp)
        .ok_or_else(|| CallFailure::unexpected("an answer without read time"))
}

/// Reads the documents a query finds.
pub(super) async fn select(
    client: Client,
    names: &Names,
    query: &Query,
) -> Result<Vec<StoredDocument>, CallFailure> {
    let request = RunQueryRequest {
        parent: names.documents.clone(),
        query_type: Some(QueryType::StructuredQuery(structured(
            &names.documents,
            query,
        ))),
        ..RunQueryRequest::default()
    };
    tracing::debug!(call = "query", "Firestore was asked");
    let mut answers = client.calls().run_query(request).await?.into_inner();
    let mut found = Vec::new();
    while let Some(answer) = answers.message().await? {
        found.extend(answer.document.map(stored).transpose()?);
    }
    tracing::debug!(documents = found.len(), "Firestore answered a query");
    Ok(found)
}

/// Carries out all of a commit, or nothing.
pub(super) async fn commit(client: Client, request: CommitRequest) -> Result<(), CallFailure> {
    let documents = request.writes.len();
    tracing::debug!(call = "commit", documents, "Firestore was asked");
    client.calls().commit(request).await?;
    Ok(())
}

/// A commit outside of any transaction: one call, atomic, nothing held open.
pub(super) fn commit_request(names: &Names, writes: &[Write]) -> CommitRequest {
    let writes = writes.iter().map(|write| wire_write(names, write));
    CommitRequest {
        database: names.database.clone(),
        writes: writes.collect(),
        ..CommitRequest::default()
    }
}

fn wire_write(names: &Names, write: &Write) -> WireWrite {
    let name = names.document(&write.document);
    let (operation, mask) = match &write.change {
        Change::Delete => (Operation::Delete(name), None),
        // An empty mask changes nothing; the precondition is checked all the same.
        Change::Keep => (Operation::Update(named(name)), Some(Vec::new())),
        Change::Set(fields) => {
            let known = fields.names().map(ToOwned::to_owned).collect();
            let wire = Wire {
                fields: values::fields_to_wire(fields.stored()),
                ..named(name)
            };
            (Operation::Update(wire), Some(known))
        }
    };
    WireWrite {
        operation: Some(operation),
        update_mask: mask.map(|field_paths| DocumentMask { field_paths }),
        current_document: precondition(write.guard),
        update_transforms: Vec::new(),
    }
}

fn named(name: String) -> Wire {
    Wire {
        name,
        ..Wire::default()
    }
}

fn precondition(guard: Guard) -> Option<Precondition> {
    let condition = match guard {
        Guard::Open => return None,
        Guard::Absent => ConditionType::Exists(false),
        Guard::Unchanged(version) => ConditionType::UpdateTime(values::wire_time(version.0)),
    };
    Some(Precondition {
        condition_type: Some(condition),
    })
}

fn stored(wire: Wire) -> Result<StoredDocument, CallFailure> {
    let (_, id) = wire.name.rsplit_once('/').unwrap_or_default();
    let version = wire.update_time.map(values::version);
    Ok(StoredDocument {
        id: id.to_owned(),
        version: version
            .ok_or_else(|| CallFailure::unexpected("a document without update time"))?,
        fields: values::fields_from_wire(wire.fields),
    })
}
