locals {
  # Written out, because a provider's settings must be known before anything exists.
  subscriber_email = "${join("-", compact([var.prefix, var.environment, "subscriber"]))}@${var.project}.iam.gserviceaccount.com"
}

# A person's own credentials say no project whose quota their calls use: this one's. The APIs that Terraform itself asks
# must be enabled in it first (README.md, step 1).
provider "google" {
  project               = var.project
  region                = var.region
  billing_project       = var.project
  user_project_override = true
}

# Used for one resource: Pub/Sub's service agent.
provider "google-beta" {
  project               = var.project
  region                = var.region
  billing_project       = var.project
  user_project_override = true
}

# Acts as the service account that is linked in Producer Portal: only that one may attach a
# subscription to the Marketplace's topic, which is in a project of Google's. A service account's calls use the quota of
# its own project.
provider "google" {
  alias                       = "marketplace"
  project                     = var.project
  region                      = var.region
  impersonate_service_account = local.subscriber_email
}
