# What Google would answer, where the module looks at it or the provider checks it.

mock_data "google_project" {
  defaults = {
    number = "123456789012"
  }
}

# Each account is of its function; where only one is looked at, one will do.
mock_resource "google_service_account" {
  defaults = {
    email     = "portico-subscriber@vendor-marketplace.iam.gserviceaccount.com"
    member    = "serviceAccount:portico-subscriber@vendor-marketplace.iam.gserviceaccount.com"
    name      = "projects/vendor-marketplace/serviceAccounts/portico-subscriber@vendor-marketplace.iam.gserviceaccount.com"
    unique_id = "112233445566778899001"
  }
}

mock_resource "google_cloud_run_v2_service" {
  defaults = {
    urls = [
      "https://portico-procurement-events-123456789012.europe-west1.run.app",
      "https://portico-signup-123456789012.europe-west1.run.app",
      "https://portico-sso-login-123456789012.europe-west1.run.app",
    ]
  }
}
