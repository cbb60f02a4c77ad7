//! The simulated Marketplace as a browser meets it.
#![cfg(test)]

mod bill_page;
mod shop;
mod storefront;
