# What is seen, and who is told.

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

run "every_alert_reaches_the_channels" {
  assert {
    condition = keys(google_monitoring_alert_policy.main) == [
      "absence_brake", "absent", "approvals", "certificate", "dead_letters", "errors", "events_late", "keys", "log_volume",
      "other_provider", "outbox", "product_removed", "reconciliation", "service_accounts", "unreachable", "unreadable", "unruled",
      "usage_closing_late", "usage_refused", "usage_report_held", "usage_report_pending", "usage_report_refused",
      "usage_set_up_wrong", "usage_silent",
    ]
    error_message = "an alert is missing"
  }

  assert {
    condition = alltrue([
      for alert in google_monitoring_alert_policy.main :
      alert.notification_channels == tolist(["projects/vendor-marketplace/notificationChannels/1234567890"])
    ])
    error_message = "an alert reaches nobody"
  }
}

run "alerts_do_not_wait_for_a_first_value" {
  assert {
    condition = alltrue([
      for alert in google_monitoring_alert_policy.main :
      alert.conditions[0].condition_prometheus_query_language[0].disable_metric_validation
    ])
    error_message = "a first apply would fail"
  }
}

run "metrics_are_made_of_the_functions_own_request_line" {
  assert {
    condition = google_logging_metric.counter["requests"].label_extractors == tomap({
      error_code = "EXTRACT(jsonPayload.errorCode)"
      outcome    = "EXTRACT(jsonPayload.outcome)"
      status     = "EXTRACT(httpRequest.status)"
    })
    error_message = "requests are counted by other fields than functions write"
  }

  assert {
    condition     = google_logging_metric.latency.value_extractor == "EXTRACT(jsonPayload.durationMs)"
    error_message = "latency is taken from another field"
  }

  assert {
    condition = alltrue([
      for metric in concat(values(google_logging_metric.counter), [google_logging_metric.latency]) :
      strcontains(metric.filter, "run.googleapis.com%2Fstdout") && strcontains(metric.filter, "\"portico-procurement-events\"")
    ])
    error_message = "Cloud Run's own request log would be counted too"
  }
}

run "alerts_ask_for_metrics_that_exist" {
  assert {
    condition = alltrue([
      for name in flatten([
        for alert in google_monitoring_alert_policy.main :
        regexall("logging_googleapis_com:user_portico_([a-z_]+)", alert.conditions[0].condition_prometheus_query_language[0].query)
        ]) : contains(concat(keys(google_logging_metric.counter), ["latency"], flatten([
          for metric in keys(google_logging_metric.reconciled) : ["${metric}_sum", "${metric}_count"]
      ])), name)
    ])
    error_message = "an alert waits for what is never measured"
  }
}

run "without_a_domain_there_is_no_certificate_to_watch" {
  variables {
    domain = null
  }

  assert {
    condition     = length(google_monitoring_uptime_check_config.signup) == 0 && !contains(keys(google_monitoring_alert_policy.main), "certificate")
    error_message = "Google's own certificate is watched"
  }
}

run "logs_of_requests_that_went_well_are_written_once" {
  assert {
    condition     = strcontains(google_logging_project_exclusion.requests.filter, "run.googleapis.com%2Frequests") && strcontains(google_logging_project_exclusion.requests.filter, "httpRequest.status<400")
    error_message = "each request is logged twice, or errors are not"
  }

  assert {
    condition     = strcontains(google_monitoring_alert_policy.main["log_volume"].conditions[0].condition_prometheus_query_language[0].query, "> ${512 * 1024 * 1024}")
    error_message = "the budget is another one"
  }
}

run "the_dashboard_shows_what_matters" {
  assert {
    condition = [for tile in jsondecode(google_monitoring_dashboard.main.dashboard_json).mosaicLayout.tiles : tile.widget.title] == [
      "Alerts",
      "Requests, by how they ended",
      "Refusals, by reason",
      "Latency, 95 of 100 requests",
      "Cold starts",
      "Approvals waiting: could not be given",
      "Dead letters",
      "Oldest event not followed yet",
      "Not repaired by reconciliation",
      "Google's keys unreachable",
      "Log volume of Cloud Run",
      "News not published yet",
      "Absent at Google, and not closed",
      "Waiting without a rule",
      "Accounts and orders that need somebody",
      "Usage reported: calls of /report that came to their end",
      "Usage that needs somebody",
    ]
    error_message = "a chart is missing"
  }
}

run "old_images_go_and_enough_stay_for_a_rollback" {
  assert {
    condition = {
      for policy in google_artifact_registry_repository.main.cleanup_policies : policy.id => policy.action
    } == { delete-old = "DELETE", keep-recent = "KEEP" }
    error_message = "images are kept for ever, or not long enough"
  }
}

run "a_project_that_is_nearly_full_of_service_accounts_is_an_alert" {
  assert {
    condition = google_monitoring_alert_policy.main["service_accounts"].conditions[0].condition_prometheus_query_language[0].query == join(" / ", [
      "max by (project_id) (last_over_time(serviceruntime_googleapis_com:quota_allocation_usage{monitored_resource=\"consumer_quota\",project_id=\"vendor-customers\",quota_metric=\"iam.googleapis.com/quota/service-account-count\"}[1d]))",
      "max by (project_id) (last_over_time(serviceruntime_googleapis_com:quota_limit{monitored_resource=\"consumer_quota\",project_id=\"vendor-customers\",quota_metric=\"iam.googleapis.com/quota/service-account-count\"}[1d])) > 0.8",
    ])
    error_message = "a full project is noticed by the first customer who gets nothing"
  }

  assert {
    condition     = google_monitoring_monitored_project.customers[0].name == "vendor-customers"
    error_message = "the quotas of another project are not seen from here"
  }
}

run "without_customers_service_accounts_nothing_of_theirs_is_looked_at" {
  variables {
    service_account_link = null
  }

  assert {
    condition     = length(google_monitoring_monitored_project.customers) == 0 && !contains(keys(google_monitoring_alert_policy.main), "service_accounts")
    error_message = "an alert waits for accounts that are never made"
  }
}
