# Everything at once, with orders that wait for the operator: what this run prints with -json -verbose is what
# scripts/test-alerts.py evaluates and scripts/test-log-filters.py matches.

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

run "rendered" {
  assert {
    condition     = length(google_monitoring_alert_policy.main) == length(local.possible_alerts) + length(local.objective_alerts) + length(local.sign_alerts) + length(local.reconciled_alerts) + length(local.waiting_alerts) + length(local.usage_alerts)
    error_message = "an alert is not rendered, and so not tested"
  }

  assert {
    condition     = alltrue([for alert in google_monitoring_alert_policy.main : alert.conditions[0].condition_prometheus_query_language[0].evaluation_interval == "60s"])
    error_message = "scripts/test-alerts.py evaluates every 60 seconds"
  }
}
