#![doc = include_str!("../README.md")]

mod config;
mod error;
mod handler;
mod rejection;
mod request;
mod response;
mod security_headers;
mod serve;
mod signal;
pub mod start;
pub mod telemetry;

pub use config::{
    Base, Env, Expected, MapEnv, Presence, Problem, ProblemKind, Problems, ProcessEnv, PublicUrl,
    Reader, Secret, StoreSettings, Variable, google_origin, markdown_table, parse, usage,
    variables,
};
pub use error::Error;
pub use handler::{Failure, Handler};
pub use rejection::{Member, Rejection, problem};
pub use request::Request;
pub use response::{Outcome, Response, html, json, redirect_303, status, text, with_outcome};
pub use serve::{Drain, Limits, serve, serve_within};
pub use signal::shutdown_signal;
