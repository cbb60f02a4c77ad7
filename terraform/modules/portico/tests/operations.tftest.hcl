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
      "objective_fast", "objective_slow", "other_provider", "outbox", "product_removed", "reconciliation", "service_accounts", "unreachable", "unreadable", "unruled",
      "usage_closing_late", "usage_refused", "usage_report_held", "usage_report_pending", "usage_report_refused",
      "usage_set_up_wrong", "usage_silent",
    ]
    error_message = "an alert is missing"
  }

  assert {
    condition = alltrue([
      for alert in google_monitoring_alert_policy.main :
      alert.notification_channels == tolist(concat(
        ["projects/vendor-marketplace/notificationChannels/1234567890", google_monitoring_notification_channel.email[0].id],
        alert.severity == "CRITICAL" ? ["projects/vendor-marketplace/notificationChannels/5678"] : [],
      ))
    ])
    error_message = "an alert reaches nobody, or wakes somebody who may sleep"
  }

  assert {
    condition     = google_billing_budget.main[0].all_updates_rule[0].monitoring_notification_channels == tolist([google_monitoring_notification_channel.email[0].id])
    error_message = "the budget tells nobody here"
  }

  assert {
    condition = {
      for severity in ["CRITICAL", "WARNING"] :
      severity => [for name, alert in google_monitoring_alert_policy.main : name if alert.severity == severity]
      } == {
      CRITICAL = ["keys", "objective_fast", "other_provider", "unreachable"]
      WARNING  = ["absent", "log_volume", "unreadable", "unruled"]
    }
    error_message = "somebody is woken for what can wait, or not woken"
  }

  assert {
    condition     = alltrue([for alert in google_monitoring_alert_policy.main : contains(["CRITICAL", "ERROR", "WARNING"], alert.severity)])
    error_message = "an alert has no severity"
  }
}

run "an_address_is_enough_for_a_channel" {
  command = plan

  variables {
    alert_channels = []
  }

  assert {
    condition     = google_monitoring_notification_channel.email[0].type == "email" && google_monitoring_notification_channel.email[0].labels == tomap({ email_address = "ops@example.com" })
    error_message = "the channel leads to somebody else"
  }
}

run "a_plan_warns_if_nobody_is_alerted" {
  command = plan

  variables {
    alert_channels = []
    alert_email    = null
  }

  expect_failures = [check.alerts_reach_somebody]
}

run "an_alert_leads_to_its_part_of_the_runbook" {
  command = plan

  assert {
    condition     = google_monitoring_alert_policy.main["keys"].documentation[0].links[0].url == "https://git.example.com/portico/terraform/runbook.md#googles-keys-cannot-be-reached"
    error_message = "the link leads nowhere"
  }

  assert {
    condition = alltrue([
      for name, alert in google_monitoring_alert_policy.main :
      strcontains(alert.documentation[0].content, "`terraform/runbook.md`, *${local.alerts[name].title}*") &&
      strcontains(file("../../runbook.md"), "\n## ${local.alerts[name].title}\n\n*${alert.severity}.* ")
    ])
    error_message = "an alert has no part in the runbook, or another severity there"
  }
}

run "an_alert_names_the_runbook_where_it_has_no_address" {
  command = plan

  variables {
    runbook_url = null
  }

  assert {
    condition     = length(google_monitoring_alert_policy.main["keys"].documentation[0].links) == 0
    error_message = "there is a link to nowhere"
  }
}

run "sign_up_and_login_have_an_objective" {
  command = plan

  assert {
    condition = {
      for name, objective in google_monitoring_slo.main : name => [objective.goal, objective.rolling_period_days, objective.service]
    } == { signup = [0.995, 28, "portico-signup"], sso-login = [0.995, 28, "portico-sso-login"] }
    error_message = "an objective is missing, or another one"
  }

  assert {
    condition = alltrue([
      for objective in google_monitoring_slo.main :
      strcontains(objective.request_based_sli[0].good_total_ratio[0].bad_service_filter, "metric.label.response_code_class=\"5xx\"") &&
      strcontains(objective.request_based_sli[0].good_total_ratio[0].total_service_filter, "resource.label.service_name=\"${objective.service}\"")
    ])
    error_message = "other answers are counted as faults, or those of another function"
  }

  assert {
    condition     = strcontains(google_monitoring_alert_policy.main["objective_fast"].conditions[0].condition_prometheus_query_language[0].query, " > 0.0720 and ")
    error_message = "the budget burns faster before anybody is woken"
  }
}

run "a_stricter_objective_wakes_earlier" {
  command = plan

  variables {
    objective_percent = 99.9
  }

  assert {
    condition     = strcontains(google_monitoring_alert_policy.main["objective_fast"].conditions[0].condition_prometheus_query_language[0].query, " > 0.0144 and ")
    error_message = "the alert does not follow the objective"
  }
}

run "a_budget_is_of_this_project_alone" {
  command = plan

  assert {
    condition     = google_billing_budget.main[0].budget_filter[0].projects == toset(["projects/123456789012"]) && google_billing_budget.main[0].amount[0].specified_amount[0].units == "200"
    error_message = "something else is budgeted"
  }

  assert {
    condition     = contains(keys(google_project_service.main), "billingbudgets.googleapis.com")
    error_message = "the budget's API is off"
  }
}

run "what_is_no_address_no_budget_and_no_objective_is_refused" {
  command = plan

  variables {
    alert_email       = "ops"
    budget            = { billing_account = "my-account", amount = 0.5 }
    objective_percent = 100
    paging_channels   = ["phone"]
    runbook_url       = "http://example.com"
  }

  expect_failures = [var.alert_email, var.budget, var.objective_percent, var.paging_channels, var.runbook_url]
}

run "alerts_do_not_wait_for_a_first_value_and_read_two_points_of_what_is_written_seldom" {
  assert {
    condition = alltrue([
      for alert in google_monitoring_alert_policy.main :
      alert.conditions[0].condition_prometheus_query_language[0].disable_metric_validation
    ])
    error_message = "a first apply would fail"
  }

  # What is written every 15 minutes is not seen by a selector without a range, which looks back five minutes.
  assert {
    condition = alltrue([
      for name in ["certificate", "unreachable"] :
      strcontains(google_monitoring_alert_policy.main[name].conditions[0].condition_prometheus_query_language[0].query, "[35m])) < ") && google_monitoring_uptime_check_config.signup[0].period == "900s"
    ])
    error_message = "an alert would never come"
  }

  assert {
    condition = alltrue([
      for alert in google_monitoring_alert_policy.main :
      length(regexall("\\}($|[^\\[])", alert.conditions[0].condition_prometheus_query_language[0].query)) == 0
    ])
    error_message = "an alert reads a metric without a range"
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
      "Sign-up and login: answered without a fault of ours",
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
      "max by (project_id) (last_over_time(serviceruntime_googleapis_com:quota_allocation_usage{monitored_resource=\"consumer_quota\",project_id=\"vendor-customers\",quota_metric=\"iam.googleapis.com/quota/service-account-count\"}[25h]))",
      "max by (project_id) (last_over_time(serviceruntime_googleapis_com:quota_limit{monitored_resource=\"consumer_quota\",project_id=\"vendor-customers\",quota_metric=\"iam.googleapis.com/quota/service-account-count\"}[25h])) > 0.8",
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
