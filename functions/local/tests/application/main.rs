//! The demo application over HTTP, without Portico: tests answer in its place.
#![cfg(test)]

mod demo_application;
mod endpoint;
mod grants;
mod orders;
mod usage;
