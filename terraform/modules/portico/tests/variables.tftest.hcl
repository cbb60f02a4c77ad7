# Every variable says what it takes, and refuses the rest, before anything is planned. Each run gives
# several variables a wrong value at once; every one of them has to be refused.

mock_provider "google" {
  source = "./tests/mocks"
}

mock_provider "google" {
  alias = "marketplace"
}

mock_provider "google-beta" {
  source = "./tests/mocks_beta"
}

mock_provider "time" {}

run "what_is_empty_is_refused" {
  command = plan

  variables {
    accepted_roles                    = []
    application_rate_limit_per_minute = 0
    log_budget_mib_per_day            = 0
    marketplace_audiences             = []
    max_instances                     = 0
    operators                         = []
    products                          = []
    rate_limit_per_minute             = 0
    signup_form_fields                = []
    vendor_name                       = " "
  }

  expect_failures = [
    var.accepted_roles,
    var.application_rate_limit_per_minute,
    var.log_budget_mib_per_day,
    var.marketplace_audiences,
    var.max_instances,
    var.operators,
    var.products,
    var.rate_limit_per_minute,
    var.signup_form_fields,
    var.vendor_name,
  ]
}

run "what_is_none_of_the_choices_is_refused" {
  command = plan

  variables {
    accepted_roles          = ["roles/owner"]
    approval_policy         = "sometimes"
    firestore_location      = "Europe"
    google_sign_in          = "maybe"
    log_level               = "trace"
    reconcile_every_minutes = 7
    signup_form_fields      = ["company", "age"]
    signup_mode             = "manual"
  }

  expect_failures = [
    var.accepted_roles,
    var.approval_policy,
    var.firestore_location,
    var.google_sign_in,
    var.log_level,
    var.reconcile_every_minutes,
    var.signup_form_fields,
    var.signup_mode,
  ]
}

run "what_is_no_name_is_refused" {
  command = plan

  variables {
    alert_channels       = ["ops@example.com"]
    domain               = "https://marketplace.example.com"
    firestore_database   = "(default)"
    marketplace_topic    = "example-partner"
    operators            = ["ops@example.com"]
    prefix               = "Portico"
    procurement_provider = "example/partner"
    products             = ["a b"]
    project              = "123456789012"
    region               = "europe-west1-b"
  }

  expect_failures = [
    var.alert_channels,
    var.domain,
    var.firestore_database,
    var.marketplace_topic,
    var.operators,
    var.prefix,
    var.procurement_provider,
    var.products,
    var.project,
    var.region,
  ]
}

run "what_is_no_address_is_refused" {
  command = plan

  variables {
    application_login_url  = "http://app.example.com/login"
    application_signup_url = "https://user@app.example.com/"
    domain                 = "marketplace"
    listing_url            = "console.cloud.google.com"
    marketplace_audiences  = ["https://marketplace.example.com"]
    support_url            = "https://example.com/#support"
  }

  expect_failures = [
    var.application_login_url,
    var.application_signup_url,
    var.domain,
    var.listing_url,
    var.marketplace_audiences,
    var.support_url,
  ]
}

run "half_a_day_until_erasing_is_refused" {
  command = plan

  variables {
    erase_after_days = 0.5
  }

  expect_failures = [var.erase_after_days]
}

run "erasing_before_closing_is_refused" {
  command = plan

  variables {
    erase_after_days = -1
  }

  expect_failures = [var.erase_after_days]
}

run "what_is_too_much_is_refused" {
  command = plan

  variables {
    application_rate_limit_per_minute = 1000000
    max_instances                     = 1000
    operators                         = ["allUsers"]
    prefix                            = "portico-one"
    project                           = "Vendor Marketplace"
    rate_limit_per_minute             = 1000000
    signup_form_fields                = ["company", "company?"]
  }

  expect_failures = [
    var.application_rate_limit_per_minute,
    var.max_instances,
    var.operators,
    var.prefix,
    var.project,
    var.rate_limit_per_minute,
    var.signup_form_fields,
  ]
}

run "an_image_whose_meaning_may_change_is_refused" {
  command = plan

  variables {
    images = { signup = "europe-west1-docker.pkg.dev/vendor-marketplace/portico/signup:latest" }
  }

  expect_failures = [var.images]
}

run "an_image_of_no_function_is_refused" {
  command = plan

  variables {
    images = {
      sign-up = "europe-west1-docker.pkg.dev/vendor-marketplace/portico/signup@sha256:1111111111111111111111111111111111111111111111111111111111111111"
    }
  }

  expect_failures = [var.images]
}

run "a_client_of_google_sign_in_that_is_no_client_id_is_refused" {
  command = plan

  variables {
    google_client_id = "client"
  }

  expect_failures = [var.google_client_id]
}

run "google_sign_in_without_its_client_is_refused" {
  command = plan

  variables {
    google_client_id             = null
    google_client_secret_version = null
  }

  expect_failures = [var.google_client_id, var.google_client_secret_version]
}

run "the_foundation_comes_before_the_client_whose_addresses_it_says" {
  command = plan

  variables {
    google_client_id             = null
    google_client_secret_version = null
    images                       = {}
  }

  assert {
    condition = jsonencode(output.google_sign_in_redirect_uris) == jsonencode([
      "https://marketplace.example.com/signup/callback",
      "https://marketplace.example.com/login/callback",
    ])
    error_message = "nobody can know the addresses of the client"
  }
}

run "the_latest_secret_is_refused_because_it_may_change" {
  command = plan

  variables {
    google_client_secret_version = "latest"
  }

  expect_failures = [var.google_client_secret_version]
}
