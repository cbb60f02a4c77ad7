# Usage-based billing: what is recorded, reported and watched, and that a vendor may do without.

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

run "usage_reporting_is_told_what_was_configured" {
  variables {
    late_usage  = "refuse"
    user_labels = "on"
    zero_usage  = "report"
  }

  assert {
    condition = { for name, value in local.environment["usage-report"] : name => value if !contains(keys(local.base_variables), name) } == {
      CALLERS              = "app@vendor-app.iam.gserviceaccount.com,batch@vendor-app.iam.gserviceaccount.com"
      EVENTS_TOPIC         = google_pubsub_topic.changes.id
      IDENTITY_AUDIENCE    = "https://portico-usage-report-123456789012.europe-west1.run.app"
      LATE_USAGE           = "refuse"
      METRICS              = "pro/requests:int64,pro/storage:double"
      PROCUREMENT_PROVIDER = "example-partner"
      PRODUCTS             = "product.endpoints.example-partner.cloud.goog"
      PUBLIC_URL           = "https://marketplace.example.com"
      SCHEDULER_IDENTITY   = "portico-scheduler@vendor-marketplace.iam.gserviceaccount.com=112233445566778899002"
      SERVICE_NAME         = "product.endpoints.example-partner.cloud.goog"
      USER_LABELS          = "on"
      ZERO_USAGE           = "report"
    }
    error_message = "usage reporting is told something else"
  }
}

run "late_usage_is_billed_and_zero_is_not_reported_unless_asked_for" {
  command = plan

  assert {
    condition     = [var.late_usage, var.zero_usage, var.user_labels] == ["next-window", "skip", "off"]
    error_message = "the defaults are others than the function's"
  }
}

run "hours_are_closed_soon_after_they_are_over" {
  assert {
    condition = jsonencode([
      google_cloud_scheduler_job.main["report"].schedule,
      google_cloud_scheduler_job.main["report"].time_zone,
      google_cloud_scheduler_job.main["report"].http_target[0].http_method,
      google_cloud_scheduler_job.main["report"].http_target[0].oidc_token[0].audience,
      ]) == jsonencode([
      "5-55/10 * * * *",
      "Etc/UTC",
      "POST",
      local.environment["usage-report"].IDENTITY_AUDIENCE,
    ])
    error_message = "reports are called at another time, or would be refused"
  }
}

run "usage_is_recorded_on_the_domain_and_reported_within_google_cloud_only" {
  assert {
    condition     = !contains(flatten([for rule in google_compute_url_map.main[0].path_matcher[0].path_rule : tolist(rule.paths)]), "/report")
    error_message = "/report is on the vendor's domain"
  }

  assert {
    condition = jsonencode(output.usage_report) == jsonencode({
      url      = "https://marketplace.example.com/usage"
      audience = "https://portico-usage-report-123456789012.europe-west1.run.app"
    })
    error_message = "the developer is told something else"
  }
}

run "the_operator_is_told_the_service_that_usage_is_reported_to" {
  assert {
    condition = jsonencode(output.operator_environment) == jsonencode({
      ERASE_AFTER          = "30"
      EVENTS_TOPIC         = google_pubsub_topic.changes.id
      FIRESTORE_DATABASE   = "portico"
      GOOGLE_CLOUD_PROJECT = "vendor-marketplace"
      PROCUREMENT_PROVIDER = "example-partner"
      PRODUCTS             = "product.endpoints.example-partner.cloud.goog"
      SERVICE_NAME         = local.environment["usage-report"].SERVICE_NAME
    })
    error_message = "`operator` would look elsewhere"
  }
}

run "usage_is_reported_to_one_service_by_one_account" {
  assert {
    condition = [
      for grant in google_endpoints_service_iam_member.usage : [grant.service_name, grant.role, grant.member]
      ] == [[
        "product.endpoints.example-partner.cloud.goog",
        "roles/servicemanagement.serviceController",
        "serviceAccount:portico-usage-report@vendor-marketplace.iam.gserviceaccount.com",
    ]]
    error_message = "usage cannot be reported, or by others too"
  }
}

run "each_of_several_products_has_its_own_service" {
  variables {
    products = ["product.endpoints.example-partner.cloud.goog", "other.endpoints.example-partner.cloud.goog"]
    usage_service_names = {
      "other.endpoints.example-partner.cloud.goog"   = "other.endpoints.example-partner.cloud.goog"
      "product.endpoints.example-partner.cloud.goog" = "product.endpoints.example-partner.cloud.goog"
    }
  }

  assert {
    condition = local.environment["usage-report"].SERVICE_NAME == join(",", [
      "other.endpoints.example-partner.cloud.goog=other.endpoints.example-partner.cloud.goog",
      "product.endpoints.example-partner.cloud.goog=product.endpoints.example-partner.cloud.goog",
    ])
    error_message = "usage of one product would be reported to another's service"
  }

  assert {
    condition = concat(
      google_endpoints_service_iam_member.usage[*].service_name,
      [for grant in google_endpoints_service_iam_member.usage_of_products : grant.service_name],
    ) == ["product.endpoints.example-partner.cloud.goog", "other.endpoints.example-partner.cloud.goog"]
    error_message = "usage of a product cannot be reported, or a right is given twice"
  }
}

run "the_only_product_s_service_may_be_said_in_either_variable" {
  command = plan

  variables {
    usage_service_name  = null
    usage_service_names = { "product.endpoints.example-partner.cloud.goog" = "vendor.example.com" }
  }

  assert {
    condition     = output.operator_environment.SERVICE_NAME == "vendor.example.com" && length(google_endpoints_service_iam_member.usage_of_products) == 1
    error_message = "usage is reported elsewhere, or cannot be"
  }
}

run "the_role_is_given_before_there_is_an_image" {
  command = plan

  variables {
    images                       = {}
    google_client_secret_version = null
  }

  assert {
    condition     = length(google_endpoints_service_iam_member.usage) == 1 && !contains(keys(google_monitoring_alert_policy.main), "usage_silent")
    error_message = "the role comes late, or an alert waits for a function that is not there"
  }
}

run "where_the_service_is_others_they_give_the_role" {
  command = plan

  variables {
    grant_usage_role = false
  }

  assert {
    condition     = length(google_endpoints_service_iam_member.usage) == 0 && contains(keys(module.function), "usage-report")
    error_message = "a role is given to a service that is not ours"
  }
}

run "every_sign_of_usage_reporting_raises_an_alert_and_is_counted" {
  assert {
    condition = {
      for name, alert in google_monitoring_alert_policy.main :
      name => regex(",alert=\"([a-z-]+)\"", alert.conditions[0].condition_prometheus_query_language[0].query)[0]
      if startswith(name, "usage_") && name != "usage_silent"
      } == {
      usage_closing_late   = "usage-closing-late"
      usage_refused        = "usage-refused"
      usage_report_held    = "usage-report-held"
      usage_report_pending = "usage-report-pending"
      usage_report_refused = "usage-report-refused"
      usage_set_up_wrong   = "usage-set-up-wrong"
    }
    error_message = "an alert waits for another sign"
  }

  assert {
    condition = alltrue([
      for sign in keys(local.usage_signs) :
      strcontains(google_logging_metric.counter["usage_alerts"].filter, "\"${sign}\"")
    ])
    error_message = "a sign is not counted"
  }

  assert {
    condition     = google_logging_metric.counter["usage_alerts"].label_extractors == tomap({ alert = "EXTRACT(jsonPayload.alert)" })
    error_message = "signs cannot be told apart"
  }
}

run "an_hour_without_a_report_is_an_alert" {
  assert {
    condition = (
      strcontains(google_logging_metric.counter["usage_rounds"].filter, "jsonPayload.message=\"usage reported\"") &&
      strcontains(google_monitoring_alert_policy.main["usage_silent"].conditions[0].condition_prometheus_query_language[0].query, "[30m]") &&
      google_monitoring_alert_policy.main["usage_silent"].conditions[0].condition_prometheus_query_language[0].duration == "1800s"
    )
    error_message = "silence is noticed late, or not at all"
  }
}

run "without_usage_based_prices_there_is_nothing_of_it" {
  variables {
    metrics            = null
    usage_callers      = []
    usage_service_name = null
  }

  assert {
    condition     = !contains(keys(module.function), "usage-report") && output.usage_report == null
    error_message = "there is a function for nothing"
  }

  assert {
    condition     = !contains(keys(output.operator_environment), "SERVICE_NAME")
    error_message = "`operator` is told of a service that does not exist"
  }

  assert {
    condition = (
      length(google_endpoints_service_iam_member.usage) == 0 &&
      !contains(keys(google_cloud_scheduler_job.main), "report") &&
      !contains(keys(google_project_service.main), "servicecontrol.googleapis.com")
    )
    error_message = "something is called, allowed or enabled for nothing"
  }

  assert {
    condition = !anytrue([
      for name in concat(keys(google_monitoring_alert_policy.main), keys(google_logging_metric.counter)) : startswith(name, "usage_")
    ])
    error_message = "something waits for a function that is not there"
  }
}
