//! The simulated Marketplace as a browser meets it.
#![cfg(test)]

mod bill_page;
mod controls;
mod published_page;
mod shop;
mod storefront;
