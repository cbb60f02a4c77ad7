# The environment of each function is what its binary declares. environment.json is what the binaries
# say of themselves, which a test beside them compares.

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

run "each_function_is_given_exactly_the_variables_its_binary_declares" {
  assert {
    condition = {
      for name, function in module.function : name => sort([
        for variable in function.service.template[0].containers[0].env : variable.name if length(variable.value_source) == 0
      ])
    } == { for name, declared in jsondecode(file("tests/environment.json")) : name => sort(declared.plain) }
    error_message = "the plain variables of a function are not those of tests/environment.json"
  }

  assert {
    condition     = keys(module.function) == keys(jsondecode(file("tests/environment.json")))
    error_message = "the functions are not those of tests/environment.json"
  }
}

run "secrets_come_by_version_and_never_as_plain_text" {
  assert {
    condition = {
      for name, function in module.function : name => sort([
        for variable in function.service.template[0].containers[0].env : variable.name if length(variable.value_source) > 0
      ])
    } == { for name, declared in jsondecode(file("tests/environment.json")) : name => sort(declared.secret) }
    error_message = "the secret variables of a function are not those of tests/environment.json"
  }

  assert {
    condition = alltrue(flatten([
      for function in module.function : [
        for variable in function.service.template[0].containers[0].env :
        variable.value_source[0].secret_key_ref[0].version == "3" if length(variable.value_source) > 0
      ]
    ]))
    error_message = "a secret is not mounted by the version that was configured"
  }
}

run "test_seams_are_never_set" {
  assert {
    condition = alltrue(flatten([
      for function in module.function : [
        for variable in function.service.template[0].containers[0].env :
        !contains(["FIRESTORE_EMULATOR_HOST", "GOOGLE_ORIGIN", "LINK_STORE", "PORT"], variable.name)
      ]
    ]))
    error_message = "a test seam, or what Cloud Run sets itself, is set"
  }
}

run "without_google_sign_in_there_is_no_client_and_no_secret" {
  variables {
    google_sign_in               = "off"
    google_client_id             = null
    google_client_secret_version = null
  }

  assert {
    condition = !anytrue(flatten([
      for function in module.function : [
        for variable in function.service.template[0].containers[0].env : startswith(variable.name, "GOOGLE_CLIENT")
      ]
    ]))
    error_message = "a variable of the OAuth client is set"
  }

  assert {
    condition     = length(google_secret_manager_secret.google_client) == 0
    error_message = "there is a secret for nothing"
  }
}

run "values_are_what_was_configured" {
  assert {
    condition = {
      for name in ["PUBLIC_URL", "MARKETPLACE_AUDIENCES", "SIGNUP_FORM_FIELDS", "ACCEPTED_ROLES", "FIRESTORE_DATABASE"] :
      name => local.environment.signup[name]
      } == {
      PUBLIC_URL            = "https://marketplace.example.com"
      MARKETPLACE_AUDIENCES = "marketplace.example.com"
      SIGNUP_FORM_FIELDS    = "company,name,email"
      ACCEPTED_ROLES        = "account_admin,project_editor"
      FIRESTORE_DATABASE    = "portico"
    }
    error_message = "sign-up is told something else"
  }

  assert {
    condition = {
      for name in ["SERVICE_ACCOUNT_PROJECT", "REDIRECT_DOMAINS", "CALLERS", "CONSOLE_HOST"] :
      name => local.environment["service-account-link"][name]
      } == {
      SERVICE_ACCOUNT_PROJECT = "vendor-customers"
      REDIRECT_DOMAINS        = "app.example.com,*.example.org"
      CALLERS                 = "app@vendor-app.iam.gserviceaccount.com"
      CONSOLE_HOST            = "console.cloud.google.com"
    }
    error_message = "service account links are told something else"
  }
}

run "personal_data_is_erased_when_the_vendor_says" {
  command = plan

  variables {
    erase_after_days = 0
  }

  assert {
    condition     = local.environment["procurement-events"].ERASE_AFTER == "0" && output.operator_environment.ERASE_AFTER == "0"
    error_message = "0 is not passed on, or `operator` shows another day"
  }
}

run "without_a_domain_cloud_run_s_own_addresses_are_used" {
  variables {
    domain = null
  }

  assert {
    condition     = local.environment.signup.PUBLIC_URL == "https://portico-signup-123456789012.europe-west1.run.app"
    error_message = "sign-up has another address"
  }

  assert {
    condition     = local.environment.signup.MARKETPLACE_AUDIENCES == "portico-signup-123456789012.europe-west1.run.app,portico-sso-login-123456789012.europe-west1.run.app"
    error_message = "the audiences are not the hosts of the addresses"
  }
}
