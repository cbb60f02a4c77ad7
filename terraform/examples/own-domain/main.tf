# On the vendor's own host name, with its load balancer, certificate and rate limits; customers prove who they are by Google
# sign-in, and fill in a form.

locals {
  project = "vendor-marketplace"
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
  products             = ["product.endpoints.example-partner.cloud.goog"]
  approval_policy      = "auto"

  vendor_name     = "Example Partner"
  support_url     = "https://example.com/support"
  listing_url     = "https://console.cloud.google.com/marketplace/product/example-partner/product"
  application_url = "https://app.example.com"

  domain      = "marketplace.example.com"
  signup_mode = "form"

  # Once the client is made, with the addresses that google_sign_in_redirect_uris says:
  # google_client_id             = "123456789012-abc123.apps.googleusercontent.com"
  # google_client_secret_version = "1"
}

# What Producer Portal, the application's developer and scripts/smoke.sh ask for.
output "dns_record" {
  value = module.portico.dns_record
}

output "functions" {
  value = module.portico.functions
}

output "google_sign_in_redirect_uris" {
  value = module.portico.google_sign_in_redirect_uris
}

output "hand_off_keys_url" {
  value = module.portico.hand_off_keys_url
}

output "login_url" {
  value = module.portico.login_url
}

output "service_accounts_to_link" {
  value = module.portico.service_accounts_to_link
}

output "signup_url" {
  value = module.portico.signup_url
}
