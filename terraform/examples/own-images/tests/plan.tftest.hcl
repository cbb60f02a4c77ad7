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
      procurement-events = "europe-docker.pkg.dev/vendor-images/portico/procurement-events@sha256:4444444444444444444444444444444444444444444444444444444444444444"
      signup             = "europe-docker.pkg.dev/vendor-images/portico/signup@sha256:1111111111111111111111111111111111111111111111111111111111111111"
      sso-login          = "europe-docker.pkg.dev/vendor-images/portico/sso-login@sha256:2222222222222222222222222222222222222222222222222222222222222222"
    }
  }

  assert {
    condition     = alltrue([for name, function in output.functions : function.image == var.images[name]])
    error_message = "another image would run"
  }
}

run "without_images_only_the_foundation_is_planned" {
  command = plan

  variables {
    images = {}
  }

  assert {
    condition     = alltrue([for function in output.functions : !function.deployed])
    error_message = "something runs that nobody named"
  }
}
