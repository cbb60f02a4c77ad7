# Behind a load balancer that is there already: its backends for Portico's paths are made here, its certificate, its map of
# paths and its limits of requests are yours.

variable "images" {
  description = "Function → its image by digest, as of ../own-images."
  type        = map(string)
  default     = {}
}

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

  domain                 = "marketplace.example.com"
  load_balancer          = false
  existing_load_balancer = true

  google_sign_in = "off"
  images         = var.images
}

# What Producer Portal, the application's developer and scripts/smoke.sh ask for.
output "functions" {
  value = module.portico.functions
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
