# Two environments of one configuration, each with values and a state of its own. They may share a project, as here; better
# each has its own.
#
#   terraform init -reconfigure -backend-config=staging.gcs.tfbackend
#   terraform apply -var-file=staging.tfvars
#
# Another environment's values with this one's state are refused: the state says whose it is.

variable "application_url" {
  description = "The application's address in this environment."
  type        = string
}

variable "environment" {
  description = "staging or production."
  type        = string
}

variable "products" {
  description = "Product ids that this environment serves: no product is served by both."
  type        = list(string)
}

variable "project" {
  description = "Id of the environment's Google Cloud project."
  type        = string
}

locals {
  project = var.project
  region  = "europe-west1"
}

module "portico" {
  # From elsewhere: ../README.md.
  source = "../../modules/portico"

  providers = {
    google             = google
    google.marketplace = google.marketplace
    google-beta        = google-beta
  }

  project   = local.project
  region    = local.region
  operators = ["group:ops@example.com"]

  alert_email = "ops@example.com"

  procurement_provider = "example-partner"
  products             = var.products
  approval_policy      = "auto"

  vendor_name     = "Example Partner"
  support_url     = "https://example.com/support"
  listing_url     = "https://console.cloud.google.com/marketplace/product/example-partner/product"
  application_url = var.application_url

  environment    = var.environment
  google_sign_in = "off"
}

# What Producer Portal, the application's developer and scripts/smoke.sh ask for.
output "functions" {
  value = module.portico.functions
}

output "hand_off_keys_url" {
  value = module.portico.hand_off_keys_url
}

output "login_url" {
  value = module.portico.login_url
}

output "operator_environment" {
  value = module.portico.operator_environment
}

output "service_accounts_to_link" {
  value = module.portico.service_accounts_to_link
}

output "signup_url" {
  value = module.portico.signup_url
}
