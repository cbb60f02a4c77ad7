# What customers may expect of sign-up and login: that of a hundred requests of four weeks `objective_percent` are answered
# without a fault of ours. Alerts come by how fast the rest, the budget of errors, is spent (Google's SRE workbook, "Alerting
# on SLOs"): 14.4 times as fast as it may last is 2 % of it in an hour, 6 times is 5 % of it in six hours.

locals {
  objective_services = { for name in ["signup", "sso-login"] : name => "${local.name}-${name}" if contains(keys(local.configured), name) }

  visits = "run_googleapis_com:request_count{monitored_resource=\"cloud_run_revision\",service_name=~\"${join("|", values(local.objective_services))}\""
  visited = {
    for range in ["5m", "30m", "1h", "6h"] : range => {
      failed = "sum by (service_name) (increase(${local.visits},response_code_class=\"5xx\"}[${range}]))"
      all    = "sum by (service_name) (increase(${local.visits}}[${range}]))"
    }
  }
  failed_of_all = { for range, visited in local.visited : range => "${visited.failed} / ${visited.all}" }

  # Of 100 requests, how many may fail.
  error_budget = 100 - var.objective_percent
  burning      = { for name, factor in { fast = 14.4, slow = 6 } : name => format("%.4f", factor * local.error_budget / 100) }

  objective_alerts = {
    objective_fast = {
      wanted   = true
      severity = "CRITICAL"
      title    = "customers meet errors"
      query = join(" or ", [
        "(${local.failed_of_all["1h"]} > ${local.burning.fast} and ${local.failed_of_all["5m"]} > ${local.burning.fast} and ${local.visited["1h"].all} >= 20)",
        # Where few come, each counts.
        "(${local.failed_of_all["1h"]} > 0.5 and ${local.visited["1h"].all} > 2.5)",
      ])
      seconds = 120
      meaning = "Sign-up or login (`service_name`) answers so many customers with 5xx that the budget of errors of four weeks is gone in two days, or more than half of the three or more who came in the last hour. Log lines of severity ERROR have `errorCode` and `error`."
    }
    objective_slow = {
      wanted   = true
      severity = "ERROR"
      title    = "a few customers meet errors"
      query    = "${local.failed_of_all["6h"]} > ${local.burning.slow} and ${local.failed_of_all["30m"]} > ${local.burning.slow} and ${local.visited["6h"].all} >= 100"
      seconds  = 300
      meaning  = "Sign-up or login (`service_name`) has answered 5xx for hours, so often that the budget of errors of four weeks is gone in five days. Log lines of severity ERROR have `errorCode` and `error`."
    }
  }

  objective_charts = [
    {
      title = "Sign-up and login: answered without a fault of ours"
      unit  = "of 100 requests of 1 hour"
      query = "100 * (1 - (${local.visited["1h"].failed} or 0 * ${local.visited["1h"].all}) / ${local.visited["1h"].all})"
    },
  ]
}

resource "google_monitoring_custom_service" "main" {
  for_each = local.objective_services

  service_id   = each.value
  display_name = each.value

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_slo" "main" {
  for_each = local.objective_services

  service             = google_monitoring_custom_service.main[each.key].service_id
  slo_id              = "answered"
  display_name        = "${var.objective_percent} % answered without a fault of ours"
  goal                = var.objective_percent / 100
  rolling_period_days = 28

  request_based_sli {
    good_total_ratio {
      bad_service_filter = join(" AND ", [
        "metric.type=\"run.googleapis.com/request_count\"",
        "resource.type=\"cloud_run_revision\"",
        "resource.label.service_name=\"${each.value}\"",
        "metric.label.response_code_class=\"5xx\"",
      ])
      total_service_filter = join(" AND ", [
        "metric.type=\"run.googleapis.com/request_count\"",
        "resource.type=\"cloud_run_revision\"",
        "resource.label.service_name=\"${each.value}\"",
      ])
    }
  }
}
