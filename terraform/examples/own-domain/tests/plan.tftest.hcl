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
    condition     = jsonencode(output.google_sign_in_redirect_uris) == jsonencode(["https://marketplace.example.com/signup/callback", "https://marketplace.example.com/login/callback"])
    error_message = "it is another deployment than it says"
  }
}
