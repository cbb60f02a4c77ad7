# What may not be silent: what is absent, what waits, what cannot be read, and what needs somebody.

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

run "it_is_taken_from_the_line_of_a_reconciliation" {
  assert {
    condition = { for name, metric in google_logging_metric.reconciled : name => metric.value_extractor } == {
      absent           = "EXTRACT(jsonPayload.absent)"
      oldest_in_outbox = "EXTRACT(jsonPayload.oldestOutboxS)"
      outbox           = "EXTRACT(jsonPayload.outbox)"
      unreadable       = "EXTRACT(jsonPayload.unreadable)"
      unruled          = "EXTRACT(jsonPayload.unruled)"
    }
    error_message = "other fields are read than reconciliation writes"
  }

  assert {
    condition = alltrue([
      for metric in google_logging_metric.reconciled :
      strcontains(metric.filter, "jsonPayload.message=\"reconciled\"") &&
      strcontains(metric.filter, "\"portico-procurement-events\"") &&
      jsonencode(metric.metric_descriptor[0].value_type) == jsonencode("DISTRIBUTION")
    ])
    error_message = "other lines are read, or their values are lost"
  }
}

run "each_value_has_its_bound_and_its_time" {
  assert {
    condition = {
      for name in ["absent", "unreadable", "unruled"] : name => [
        local.alerts[name].seconds,
        google_monitoring_alert_policy.main[name].conditions[0].condition_prometheus_query_language[0].query == join(" / ", [
          "sum(increase(logging_googleapis_com:user_portico_${name}_sum{monitored_resource=\"cloud_run_revision\"}[35m]))",
          "sum(increase(logging_googleapis_com:user_portico_${name}_count{monitored_resource=\"cloud_run_revision\"}[35m])) > 0",
        ])
      ]
      } == {
      absent     = [3600, true]
      unreadable = [60, true]
      unruled    = [3600, true]
    }
    error_message = "an alert asks for something else, or comes at another time"
  }

  assert {
    condition = alltrue([
      for part in [
        "user_portico_oldest_in_outbox_count{monitored_resource=\"cloud_run_revision\"}[35m])) > 900 or sum(increase(",
        "user_portico_outbox_count{monitored_resource=\"cloud_run_revision\"}[35m])) > 1000",
      ] : strcontains(google_monitoring_alert_policy.main["outbox"].conditions[0].condition_prometheus_query_language[0].query, part)
    ])
    error_message = "news wait for longer, or more of them, without an alert"
  }
}

run "every_sign_raises_an_alert_and_is_counted" {
  assert {
    condition = {
      for name in ["absence_brake", "other_provider", "product_removed"] :
      name => regex(",alert=\"([a-z-]+)\"", google_monitoring_alert_policy.main[name].conditions[0].condition_prometheus_query_language[0].query)[0]
      } == {
      absence_brake   = "absence-brake"
      other_provider  = "other-provider"
      product_removed = "product-removed"
    }
    error_message = "an alert waits for another sign"
  }

  assert {
    condition = google_monitoring_alert_policy.main["other_provider"].conditions[0].condition_prometheus_query_language[0].query == join(" + ", [
      "(sum(increase(logging_googleapis_com:user_portico_alerts{monitored_resource=\"cloud_run_revision\",alert=\"other-provider\"}[1h])) or vector(0))",
      "(sum(increase(logging_googleapis_com:user_portico_requests{monitored_resource=\"cloud_run_revision\",error_code=\"other-provider\"}[1h])) or vector(0)) > 0",
    ])
    error_message = "a refused request is no sign"
  }

  assert {
    condition     = alltrue([for sign in keys(local.signs) : strcontains(google_logging_metric.counter["alerts"].filter, "\"${sign}\"")])
    error_message = "a sign is not counted"
  }

  assert {
    condition     = google_logging_metric.counter["alerts"].label_extractors == tomap({ alert = "EXTRACT(jsonPayload.alert)" })
    error_message = "signs cannot be told apart"
  }
}
