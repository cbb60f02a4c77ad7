//! Documents and commits as plain data: for every kind of record and both stores.

pub(crate) mod collections;
pub(crate) mod commit;
pub(crate) mod document;
pub(crate) mod document_id;
pub(crate) mod fields;
pub(crate) mod plan_name;
pub(crate) mod query;
pub(crate) mod record;
pub(crate) mod value;
