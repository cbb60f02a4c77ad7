# That the root hands everything on to the module, and takes everything from it. What the module does is tested beside it.

mock_provider "google" {
  source = "./tests/mocks"
}

mock_provider "google" {
  alias  = "marketplace"
  source = "./tests/mocks"
}

mock_provider "google-beta" {
  source = "./tests/mocks_beta"
}

mock_provider "time" {}

variables {
  project   = "vendor-marketplace"
  region    = "europe-west1"
  operators = ["user:ops@example.com"]

  alert_email = "ops@example.com"

  procurement_provider = "example-partner"
  products             = ["product.endpoints.example-partner.cloud.goog"]
  approval_policy      = "auto"
  marketplace_topic    = "projects/cloudcommerceproc-prod/topics/example-partner"

  vendor_name     = "Example Partner"
  support_url     = "https://example.com/support"
  listing_url     = "https://console.cloud.google.com/marketplace/product/example-partner/product"
  application_url = "https://app.example.com"
  google_sign_in  = "off"

  images = {
    procurement-events = "europe-west1-docker.pkg.dev/vendor-marketplace/portico/procurement-events@sha256:4444444444444444444444444444444444444444444444444444444444444444"
    signup             = "europe-west1-docker.pkg.dev/vendor-marketplace/portico/signup@sha256:1111111111111111111111111111111111111111111111111111111111111111"
    sso-login          = "europe-west1-docker.pkg.dev/vendor-marketplace/portico/sso-login@sha256:2222222222222222222222222222222222222222222222222222222222222222"
  }
}

run "in_an_environment_it_is_that_environment_s" {
  command = plan

  variables {
    environment = "staging"
    images      = {}
  }

  assert {
    condition     = local.subscriber_email == "portico-staging-subscriber@vendor-marketplace.iam.gserviceaccount.com"
    error_message = "the provider acts as another environment's account"
  }
}

run "what_the_smallest_vendor_says_makes_a_whole_deployment" {
  assert {
    condition = jsonencode([for name, function in output.functions : [name, function.deployed, function.image]]) == jsonencode([
      for name, image in var.images : [name, true, image]
    ])
    error_message = "a function is missing, or runs another image"
  }

  assert {
    condition     = output.signup_url == "https://portico-signup-123456789012.europe-west1.run.app/signup" && output.marketplace_subscription != null
    error_message = "Producer Portal would be told something else, or no event would come"
  }
}

run "who_makes_the_subscription_is_who_is_linked" {
  assert {
    condition     = contains(keys(output.service_accounts_to_link), local.subscriber_email)
    error_message = "the provider acts as an account that is not linked"
  }
}
