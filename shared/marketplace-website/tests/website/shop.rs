//! A Marketplace with its website, and a client of it.

use std::sync::Arc;
use std::time::Duration;

use marketplace_simulator::{Settings, Simulator, http_client};
use marketplace_website::{Storefront, Website};
use reqwest::Client;
use tokio::net::TcpListener;

/// The Marketplace that shows this storefront, with this change of the settings.
pub(crate) async fn open(storefront: Storefront, change: impl FnOnce(&mut Settings)) -> Simulator {
    let mut settings = Settings::default();
    change(&mut settings);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let website = Arc::new(Website::new(storefront));
    let simulator = Simulator::serve(settings, listener, Some(website)).await;
    simulator.unwrap()
}

/// It follows no redirect.
pub(crate) fn client() -> Client {
    http_client(Duration::from_secs(30))
}
