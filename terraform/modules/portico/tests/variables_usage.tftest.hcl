# The same for usage-based billing.

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

run "what_is_no_metric_is_refused" {
  command = plan

  variables {
    metrics     = ["pro/requests:float"]
    late_usage  = "drop"
    user_labels = "yes"
    zero_usage  = "never"
  }

  expect_failures = [
    var.late_usage,
    var.metrics,
    var.user_labels,
    var.zero_usage,
  ]
}

run "what_is_no_service_account_and_no_service_is_refused" {
  command = plan

  variables {
    usage_callers      = ["dev@example.com"]
    usage_service_name = "product"
  }

  expect_failures = [var.usage_callers, var.usage_service_name]
}

run "several_products_without_a_service_for_each_are_refused" {
  command = plan

  variables {
    products = ["product.endpoints.example-partner.cloud.goog", "other.endpoints.example-partner.cloud.goog"]
  }

  expect_failures = [var.usage_service_names]
}

run "a_service_of_a_product_that_is_not_served_is_refused" {
  command = plan

  variables {
    usage_service_names = { "other.endpoints.example-partner.cloud.goog" = "product" }
  }

  expect_failures = [var.usage_service_names]
}

run "no_metric_at_all_is_refused" {
  command = plan

  variables {
    metrics = []
  }

  expect_failures = [var.metrics]
}

run "a_plan_may_have_any_name" {
  command = plan

  variables {
    metrics = ["Pro plan (annual)/requests:int64", "Pro%2Cmax %2F 100 %25/storage:double"]
  }

  assert {
    condition     = local.environment["usage-report"].METRICS == "Pro plan (annual)/requests:int64,Pro%2Cmax %2F 100 %25/storage:double"
    error_message = "The names of plans must reach usage-report as they are written."
  }
}

run "a_plan_with_a_comma_that_is_not_encoded_is_refused" {
  command = plan

  variables {
    metrics = ["Pro, annual/requests:int64"]
  }

  expect_failures = [var.metrics]
}

run "a_plan_with_a_slash_that_is_not_encoded_is_refused" {
  command = plan

  variables {
    metrics = ["Pro/annual/requests:int64"]
  }

  expect_failures = [var.metrics]
}

run "a_metric_of_two_plans_is_refused" {
  command = plan

  variables {
    metrics = ["pro/requests:int64", "max/requests:int64"]
  }

  expect_failures = [var.metrics]
}

run "metrics_that_nobody_may_record_or_that_lead_nowhere_are_refused" {
  command = plan

  variables {
    usage_callers      = []
    usage_service_name = null
  }

  expect_failures = [var.usage_callers, var.usage_service_name]
}
