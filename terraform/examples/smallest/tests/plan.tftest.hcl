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

  assert {
    condition     = keys(output.functions) == ["procurement-events", "signup", "sso-login"] && output.signup_url == "https://portico-signup-123456789012.europe-west1.run.app/signup"
    error_message = "it is another deployment than it says"
  }
}
