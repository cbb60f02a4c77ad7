provider "google" {
  project               = local.project
  region                = local.region
  billing_project       = local.project
  user_project_override = true
}

provider "google-beta" {
  project               = local.project
  region                = local.region
  billing_project       = local.project
  user_project_override = true
}

# Acts as the service account that is linked in Producer Portal.
provider "google" {
  alias                       = "marketplace"
  project                     = local.project
  region                      = local.region
  impersonate_service_account = "portico-${var.environment}-subscriber@${local.project}.iam.gserviceaccount.com"
}
