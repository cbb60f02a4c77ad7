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

run "a_service_name_that_is_none_is_refused" {
  command = plan

  variables {
    service_account_link = {
      service_name = "product"
      callers      = ["app@vendor-app.iam.gserviceaccount.com"]
      roles        = ["bigquery.dataViewer"]
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
    }
  }

  expect_failures = [var.service_account_link]
}
