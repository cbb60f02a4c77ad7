# The same for customers' service accounts.

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

run "a_service_name_that_is_none_is_refused" {
  command = plan

  variables {
    service_account_link = {
      service_name = "product"
      callers      = ["app@vendor-app.iam.gserviceaccount.com"]
      roles        = ["bigquery.dataViewer"]
      project      = "vendor-customers"
    }
  }

  expect_failures = [var.service_account_link]
}

run "links_that_nobody_may_ask_for_is_refused" {
  command = plan

  variables {
    service_account_link = {
      service_name = "product.endpoints.example-partner.cloud.goog"
      callers      = []
      roles        = ["bigquery.dataViewer"]
      project      = "vendor-customers"
    }
  }

  expect_failures = [var.service_account_link]
}

run "a_person_as_caller_is_refused" {
  command = plan

  variables {
    service_account_link = {
      service_name = "product.endpoints.example-partner.cloud.goog"
      callers      = ["dev@example.com"]
      roles        = ["bigquery.dataViewer"]
      project      = "vendor-customers"
    }
  }

  expect_failures = [var.service_account_link]
}

run "a_role_with_its_prefix_is_refused" {
  command = plan

  variables {
    service_account_link = {
      service_name = "product.endpoints.example-partner.cloud.goog"
      callers      = ["app@vendor-app.iam.gserviceaccount.com"]
      roles        = ["roles/viewer"]
      project      = "vendor-customers"
    }
  }

  expect_failures = [var.service_account_link]
}

run "a_project_of_customers_that_is_none_is_refused" {
  command = plan

  variables {
    service_account_link = {
      service_name = "product.endpoints.example-partner.cloud.goog"
      callers      = ["app@vendor-app.iam.gserviceaccount.com"]
      roles        = ["bigquery.dataViewer"]
      project      = "123"
    }
  }

  expect_failures = [var.service_account_link]
}

run "a_redirect_domain_with_scheme_is_refused" {
  command = plan

  variables {
    service_account_link = {
      service_name     = "product.endpoints.example-partner.cloud.goog"
      callers          = ["app@vendor-app.iam.gserviceaccount.com"]
      roles            = ["bigquery.dataViewer"]
      redirect_domains = ["https://app.example.com"]
      project          = "vendor-customers"
    }
  }

  expect_failures = [var.service_account_link]
}

run "another_console_is_refused" {
  command = plan

  variables {
    service_account_link = {
      service_name = "product.endpoints.example-partner.cloud.goog"
      callers      = ["app@vendor-app.iam.gserviceaccount.com"]
      roles        = ["bigquery.dataViewer"]
      console_host = "console.example.com"
      project      = "vendor-customers"
    }
  }

  expect_failures = [var.service_account_link]
}

run "a_unique_id_that_is_none_is_refused" {
  command = plan

  variables {
    service_account_link = {
      service_name = "product.endpoints.example-partner.cloud.goog"
      callers      = ["app@vendor-app.iam.gserviceaccount.com=app"]
      roles        = ["bigquery.dataViewer"]
      project      = "vendor-customers"
    }
  }

  expect_failures = [var.service_account_link]
}

run "a_caller_with_its_unique_id_is_passed_on" {
  command = plan

  variables {
    service_account_link = {
      service_name = "product.endpoints.example-partner.cloud.goog"
      callers      = ["app@vendor-app.iam.gserviceaccount.com=112233445566778899222"]
      roles        = ["bigquery.dataViewer"]
      project      = "vendor-customers"
    }
  }

  assert {
    condition     = local.environment["service-account-link"].CALLERS == "app@vendor-app.iam.gserviceaccount.com=112233445566778899222"
    error_message = "the unique id is lost"
  }
}

run "the_deployment_s_own_project_is_refused" {
  command = plan

  variables {
    service_account_link = {
      service_name = "product.endpoints.example-partner.cloud.goog"
      callers      = ["app@vendor-app.iam.gserviceaccount.com"]
      roles        = ["bigquery.dataViewer"]
      project      = "vendor-marketplace"
    }
  }

  expect_failures = [var.service_account_link]
}

run "no_project_is_the_deployment_s_own_and_refused" {
  command = plan

  variables {
    service_account_link = {
      service_name = "product.endpoints.example-partner.cloud.goog"
      callers      = ["app@vendor-app.iam.gserviceaccount.com"]
      roles        = ["bigquery.dataViewer"]
    }
  }

  expect_failures = [var.service_account_link]
}

run "a_deployment_that_has_them_in_its_own_project_keeps_it" {
  command = plan

  variables {
    service_account_project_shared = "accepted"
    service_account_link = {
      service_name = "product.endpoints.example-partner.cloud.goog"
      callers      = ["app@vendor-app.iam.gserviceaccount.com"]
      roles        = ["bigquery.dataViewer"]
    }
  }

  assert {
    condition = [
      local.environment["service-account-link"].SERVICE_ACCOUNT_PROJECT,
      local.environment["service-account-link"].SERVICE_ACCOUNT_PROJECT_SHARED,
    ] == ["vendor-marketplace", "accepted"]
    error_message = "the function would refuse to start"
  }
}

run "half_an_acceptance_is_refused" {
  command = plan

  variables {
    service_account_project_shared = "yes"
  }

  expect_failures = [var.service_account_project_shared]
}
