//! What is in the vendor's own project, as a test says it.

use jiff::SignedDuration;
use serde_json::Value;

use super::Simulator;

impl Simulator {
    /// From now on a program that reads `https://{address}` is answered this, such as a Cloud Run
    /// service at `run.googleapis.com/v2/projects/P/locations/L/services/S`. What it asks for in the
    /// query or the body does not change the answer.
    pub fn put_cloud_resource(&self, address: &str, resource: Value) {
        self.world().cloud.put(address, resource);
    }

    /// What a program that reads `https://{address}` is answered, if anything was said.
    pub fn cloud_resource(&self, address: &str) -> Option<Value> {
        self.world().cloud.at(address)
    }

    /// Forgets it: most addresses answer 404 then.
    pub fn remove_cloud_resource(&self, address: &str) {
        self.world().cloud.remove(address);
    }

    /// Puts Google's clock, as `Date` shows it, this far ahead of the world's; behind, if it is
    /// negative. Tokens and orders keep their time.
    pub fn set_clock_ahead(&self, by: SignedDuration) {
        self.world().cloud.set_clock_ahead(by);
    }
}
