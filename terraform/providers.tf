provider "google" {
  project        = var.project
  region         = var.region
  default_labels = local.labels
}

# Used for one resource: Pub/Sub's service agent.
provider "google-beta" {
  project = var.project
  region  = var.region
}

# Acts as the service account that is linked in Producer Portal: only that one may attach a
# subscription to the Marketplace's topic, which is in a project of Google's.
provider "google" {
  alias                       = "marketplace"
  project                     = var.project
  region                      = var.region
  default_labels              = local.labels
  impersonate_service_account = local.subscriber_email
}
