mock_provider "google" {
  mock_data "google_project" {
    defaults = {
      number = "123456789012"
    }
  }
}

mock_provider "google" {
  alias = "marketplace"
}

mock_provider "google-beta" {}

mock_provider "time" {}

# The same values as in the files, which an operator names by -var-file.
run "staging_plans" {
  command = plan

  variables {
    environment     = "staging"
    project         = "vendor-marketplace"
    products        = ["product-staging.endpoints.example-partner.cloud.goog"]
    application_url = "https://staging.example.com"
  }

  assert {
    condition     = output.signup_url == "https://portico-staging-signup-123456789012.europe-west1.run.app/signup" && output.operator_environment.FIRESTORE_DATABASE == "portico-staging"
    error_message = "staging is something else"
  }
}

run "production_plans" {
  command = plan

  variables {
    environment     = "production"
    project         = "vendor-marketplace"
    products        = ["product.endpoints.example-partner.cloud.goog"]
    application_url = "https://app.example.com"
  }

  assert {
    condition     = output.signup_url == "https://portico-production-signup-123456789012.europe-west1.run.app/signup" && output.operator_environment.FIRESTORE_DATABASE == "portico-production"
    error_message = "production is something else"
  }
}
