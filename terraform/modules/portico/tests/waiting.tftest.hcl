# What waits for the operator, and that nobody is told of it whose orders are approved by themselves.

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

variables {
  approval_policy = "manual"
}

run "what_waits_is_taken_from_the_line_of_a_reconciliation" {
  assert {
    condition = { for name, metric in google_logging_metric.waiting : name => metric.value_extractor } == {
      oldest_order_waiting = "EXTRACT(jsonPayload.oldestWaitingS)"
      orders_waiting       = "EXTRACT(jsonPayload.waiting)"
    }
    error_message = "other fields are read than reconciliation writes"
  }

  assert {
    condition = alltrue([
      for metric in google_logging_metric.waiting :
      strcontains(metric.filter, "jsonPayload.message=\"reconciled\"") &&
      strcontains(metric.filter, "\"portico-procurement-events\"") &&
      jsonencode(metric.metric_descriptor[0].value_type) == jsonencode("DISTRIBUTION")
    ])
    error_message = "other lines are read, or their values are lost"
  }
}

run "an_order_that_waits_for_an_hour_raises_an_alert" {
  assert {
    condition = google_monitoring_alert_policy.main["approvals_for_operator"].conditions[0].condition_prometheus_query_language[0].query == join(" / ", [
      "sum(increase(logging_googleapis_com:user_portico_oldest_order_waiting_sum{monitored_resource=\"cloud_run_revision\"}[35m]))",
      "sum(increase(logging_googleapis_com:user_portico_oldest_order_waiting_count{monitored_resource=\"cloud_run_revision\"}[35m])) > 3600",
    ])
    error_message = "the alert asks for something else"
  }

  assert {
    condition     = strcontains(google_monitoring_alert_policy.main["approvals"].conditions[0].condition_prometheus_query_language[0].query, "user_portico_approvals_waiting")
    error_message = "approvals that fail raise no alert any more"
  }

  assert {
    condition = alltrue([
      for code in ["registration-being-completed", "approval-unclear", "other-provider", "not-approved-yet"] :
      strcontains(google_logging_metric.counter["approvals_waiting"].filter, "\"${code}\"")
    ])
    error_message = "a sign-up or an order that is not completed is not counted"
  }
}

run "the_alert_looks_back_at_two_calls_however_seldom_they_are" {
  variables {
    reconcile_every_minutes = 30
  }

  assert {
    condition     = strcontains(google_monitoring_alert_policy.main["approvals_for_operator"].conditions[0].condition_prometheus_query_language[0].query, "[65m]")
    error_message = "between two calls the alert would know nothing"
  }
}

run "the_dashboard_shows_what_waits_and_for_how_long" {
  assert {
    condition = [
      for tile in jsondecode(google_monitoring_dashboard.main.dashboard_json).mosaicLayout.tiles :
      tile.widget.title if startswith(tile.widget.title, "Approvals waiting")
    ] == ["Approvals waiting: could not be given", "Approvals waiting for you", "Approvals waiting for you: the oldest"]
    error_message = "what waits is not seen"
  }

  assert {
    condition = length(distinct([
      for tile in jsondecode(google_monitoring_dashboard.main.dashboard_json).mosaicLayout.tiles : "${tile.xPos} ${tile.yPos}"
    ])) == length(jsondecode(google_monitoring_dashboard.main.dashboard_json).mosaicLayout.tiles)
    error_message = "one chart covers another"
  }
}

run "where_orders_are_approved_by_themselves_none_waits_for_the_operator" {
  variables {
    approval_policy = "auto"
  }

  assert {
    condition     = length(google_logging_metric.waiting) == 0 && !contains(keys(google_monitoring_alert_policy.main), "approvals_for_operator")
    error_message = "something waits for what is never said"
  }
}
