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

run "it_plans" {
  command = plan

  variables {
    images = {
      procurement-events = "europe-west1-docker.pkg.dev/vendor-marketplace/portico/procurement-events@sha256:4444444444444444444444444444444444444444444444444444444444444444"
      signup             = "europe-west1-docker.pkg.dev/vendor-marketplace/portico/signup@sha256:1111111111111111111111111111111111111111111111111111111111111111"
      sso-login          = "europe-west1-docker.pkg.dev/vendor-marketplace/portico/sso-login@sha256:2222222222222222222222222222222222222222222222222222222222222222"
    }
  }

  assert {
    condition     = keys(google_compute_backend_service.portico) == ["signup", "sso-login"] && output.signup_url == "https://marketplace.example.com/signup"
    error_message = "a path leads nowhere"
  }

  assert {
    condition     = output.functions["signup"].ingress == "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
    error_message = "a function can be reached past the load balancer"
  }
}
