//! The three calls to Firestore.

use std::collections::HashMap;

use gcloud_sdk::google::firestore::v1::batch_get_documents_response::Result as Got;
use gcloud_sdk::google::firestore::v1::precondition::ConditionType;
use gcloud_sdk::google::firestore::v1::run_query_request::QueryType;
use gcloud_sdk::google::firestore::v1::structured_query::{
    CollectionSelector, CompositeFilter, Direction, FieldFilter, FieldReference, Filter, Order,
    composite_filter, field_filter, filter,
};
use gcloud_sdk::google::firestore::v1::write::Operation;
use gcloud_sdk::google::firestore::v1::{
    BatchGetDocumentsRequest, CommitRequest, Cursor, Document as Wire, DocumentMask, Precondition,
    RunQueryRequest, StructuredQuery, Write as WireWrite,
};

use super::FirestoreSettings;
use super::call_failure::CallFailure;
use super::connection::Client;
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

/// Reads the documents a query finds.
pub(super) async fn select(
    client: Client,
    names: &Names,
    query: &Query,
) -> Result<Vec<StoredDocument>, CallFailure> {
    let request = RunQueryRequest {
        parent: names.documents.clone(),
        query_type: Some(QueryType::StructuredQuery(structured(names, query))),
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

fn structured(names: &Names, query: &Query) -> StructuredQuery {
    let reference =
        |id: &str| values::reference(format!("{}/{}/{id}", names.documents, query.collection));
    let within = query.range.as_ref().and_then(|range| range.after.as_ref());
    let after = match (within, &query.after) {
        (Some((text, id)), _) => Some(vec![values::text(text), reference(id)]),
        (None, Some(id)) => Some(vec![reference(id)]),
        (None, None) => None,
    };
    let after = after.map(|values| Cursor {
        values,
        before: false,
    });
    StructuredQuery {
        from: vec![CollectionSelector {
            collection_id: query.collection.to_owned(),
            all_descendants: false,
        }],
        r#where: condition(query),
        order_by: query
            .range
            .iter()
            .map(|range| range.field)
            .chain(["__name__"])
            .map(ascending)
            .collect(),
        start_at: after,
        limit: query
            .limit
            .map(|limit| i32::try_from(limit).unwrap_or(i32::MAX)),
        ..StructuredQuery::default()
    }
}

fn ascending(name: &str) -> Order {
    Order {
        field: Some(field(name)),
        direction: Direction::Ascending.into(),
    }
}

fn condition(query: &Query) -> Option<Filter> {
    use field_filter::Operator::{Equal, GreaterThanOrEqual, LessThan};
    let equal = query.equal.iter();
    let equal = equal.map(|(name, text)| compared(name, Equal, text));
    let range = query.range.iter().flat_map(|range| {
        [
            compared(range.field, GreaterThanOrEqual, &range.from),
            compared(range.field, LessThan, &range.before),
        ]
    });
    let mut filters: Vec<_> = equal.chain(range).collect();
    if filters.len() < 2 {
        return filters.pop();
    }
    let all = CompositeFilter {
        op: composite_filter::Operator::And.into(),
        filters,
    };
    Some(Filter {
        filter_type: Some(filter::FilterType::CompositeFilter(all)),
    })
}

fn compared(name: &str, operator: field_filter::Operator, text: &str) -> Filter {
    let filter = FieldFilter {
        field: Some(field(name)),
        op: operator.into(),
        value: Some(values::text(text)),
    };
    Filter {
        filter_type: Some(filter::FilterType::FieldFilter(filter)),
    }
}

fn field(name: &str) -> FieldReference {
    FieldReference {
        field_path: name.to_owned(),
    }
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
