//! Resources of the vendor's own project, as a test sets them.

use jiff::SignedDuration;
use serde_json::Value;

use super::Simulator;

impl Simulator {
    /// From now on a program that reads `https://{address}` is answered this, such as a Cloud Run
    /// service at `run.googleapis.com/v2/projects/P/locations/L/services/S`. What it asks for in the
    /// query or the body does not change the answer.
    pub fn put_cloud_resource(&self, address: &str, resource: Value) {
        self.google().preset_resources.put(address, resource);
    }

    /// What a program that reads `https://{address}` is answered, if that was set.
    pub fn cloud_resource(&self, address: &str) -> Option<Value> {
        self.google().preset_resources.at(address)
    }

    /// Removes it: most addresses answer 404 then.
    pub fn remove_cloud_resource(&self, address: &str) {
        self.google().preset_resources.remove(address);
    }

    /// Puts Google's clock, as `Date` shows it, this far ahead of the simulated time; behind, if it is
    /// negative. Tokens and orders keep their time.
    pub fn set_clock_ahead(&self, by: SignedDuration) {
        self.google().preset_resources.set_clock_ahead(by);
    }
}
