//! The decisions as tables, and against a small model of Google.

mod absence;
mod account;
mod ends;
mod entitlement;
mod entitlement_age;
mod model;
mod news;
mod records;
mod sequences;
mod service_account;
