//! Queries as Firestore takes them.

use gcloud_sdk::google::firestore::v1::structured_query::{
    CollectionSelector, CompositeFilter, Direction, FieldFilter, FieldReference, Filter, Order,
    composite_filter, field_filter, filter,
};
use gcloud_sdk::google::firestore::v1::{Cursor, StructuredQuery};

use super::wire_values as values;
use crate::documents::query::Query;

/// A query; `documents` is the name of what all documents of the database are in.
pub(super) fn structured(documents: &str, query: &Query) -> StructuredQuery {
    let reference = |id: &str| values::reference(format!("{documents}/{}/{id}", query.collection));
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
