#![doc = include_str!("../README.md")]

mod client;
mod error;
mod resource;

pub use client::ServiceAccounts;
pub use error::{Permission, ServiceAccountError};
pub use resource::{NewServiceAccount, ServiceAccount, ServiceAccountName};
