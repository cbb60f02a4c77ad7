# What somebody must be alerted to. Each alert is a PromQL query that is true when something is wrong
# and was so for `seconds`; runbook.md says what to do, and `meaning` is what the message says.
#
#   severity  CRITICAL: customers cannot sign up or log in, or nothing is done for them: at once, also at night
#             ERROR: money or a customer's access is at stake: today
#             WARNING: this week
#
# A metric that is written seldom is read over a range that holds at least two of its points: a selector without a range
# sees nothing that is older than five minutes. A ratio has a least number of requests. scripts/test-alerts.py evaluates
# every query on series that should make it fire, and on others that should not.

locals {
  checked = google_monitoring_uptime_check_config.signup[*].uptime_check_id

  # Looked at every 15 minutes: the range holds two looks of each place.
  uptime = "monitored_resource=\"uptime_url\",check_id=\"${join("", local.checked)}\"}[35m]"

  # Those that the application waits for; objectives.tf has those that customers visit. Events are delivered again after
  # a 503, which is no fault as long as they are followed in the end.
  called_by_programs = [for name, function in local.configured : "${local.name}-${name}" if length(function.routes) > 0 && function.identity_only]
  calls              = "run_googleapis_com:request_count{monitored_resource=\"cloud_run_revision\",service_name=~\"${join("|", local.called_by_programs)}\""

  # Google reports it once a day at least, and an alert looks back 25 hours at most: the one range that may hold one point
  # alone.
  service_account_quota = "monitored_resource=\"consumer_quota\",project_id=\"${coalesce(local.service_account_project, "none")}\",quota_metric=\"iam.googleapis.com/quota/service-account-count\""

  possible_alerts = {
    errors = {
      wanted   = length(local.called_by_programs) > 0
      severity = "ERROR"
      title    = "the application meets errors"
      query    = "sum by (service_name) (increase(${local.calls},response_code_class=\"5xx\"}[30m])) / sum by (service_name) (increase(${local.calls}}[30m])) > 0.05 and sum by (service_name) (increase(${local.calls}}[30m])) >= 20"
      seconds  = 300
      meaning  = "More than 5 % of a function's answers to your application are 5xx, of 20 or more in half an hour. Its log lines of severity ERROR have `errorCode` and `error`."
    }
    dead_letters = {
      wanted   = true
      severity = "ERROR"
      title    = "events could not be followed"
      query    = "max(last_over_time(pubsub_googleapis_com:subscription_num_undelivered_messages{monitored_resource=\"pubsub_subscription\",subscription_id=\"${google_pubsub_subscription.dead_letters.name}\"}[15m])) > 0"
      seconds  = 60
      meaning  = "Events of the Marketplace failed 100 times. They are kept for 31 days: repair the cause, then `operator dead-letters replay`."
    }
    events_late = {
      wanted   = true
      severity = "ERROR"
      title    = "events are an hour late"
      query    = "max by (subscription_id) (last_over_time(pubsub_googleapis_com:subscription_oldest_unacked_message_age{monitored_resource=\"pubsub_subscription\",subscription_id=~\"${local.name}-(marketplace|replay)\"}[15m])) > 3600"
      seconds  = 300
      meaning  = "An event has not been followed for an hour. The log lines of procurement-events say why; 401 means that the identity or audience of the subscription is not what the function expects."
    }
    # The window outlasts a round of reconciliation, and the wait outlasts the window: one failure that
    # is repaired alarms nobody.
    approvals = {
      wanted   = true
      severity = "ERROR"
      title    = "approvals have failed for an hour"
      query    = "sum(increase(${local.promql["approvals_waiting"]}{monitored_resource=\"cloud_run_revision\"}[70m])) > 0"
      seconds  = 4500
      meaning  = "Customers wait: accounts or orders cannot be approved at Google. 403 in the log lines means that the function's service account is not linked in Producer Portal. `operator waiting` lists them."
    }
    keys = {
      wanted   = true
      severity = "CRITICAL"
      title    = "Google's keys cannot be reached"
      query    = "sum by (service_name) (increase(${local.promql["keys_unreachable"]}{monitored_resource=\"cloud_run_revision\"}[1h])) > 2"
      seconds  = 60
      meaning  = "More than two attempts of an hour failed. Tokens can be verified with the keys at hand for 24 hours at most; new instances have none."
    }
    reconciliation = {
      wanted   = local.events_deployed
      severity = "ERROR"
      title    = "no reconciliation has finished for two hours"
      query    = "(sum(increase(${local.promql["requests"]}{monitored_resource=\"cloud_run_revision\",outcome=\"reconciled\"}[1h])) or vector(0)) < 0.5"
      seconds  = 3600
      meaning  = "What events miss is not found. Is the scheduler job paused or refused? It calls /reconcile every ${var.reconcile_every_minutes} minutes; a large store needs it oftener."
    }
    service_accounts = {
      wanted   = var.service_account_link != null
      severity = "ERROR"
      title    = "customers' service accounts are about to run out"
      query    = "${join(" / ", [for metric in ["allocation_usage", "limit"] : "max by (project_id) (last_over_time(serviceruntime_googleapis_com:quota_${metric}{${local.service_account_quota}}[25h]))"])} > 0.8"
      seconds  = 300
      meaning  = "More than 80 % of the service accounts that ${coalesce(local.service_account_project, "the project")} may hold are there. When it is full, the next customer gets none. Raise the quota \"Service Account Count\" of the IAM API in that project (IAM & Admin, Quotas), or delete the accounts of customers who are gone."
    }
    log_volume = {
      wanted   = true
      severity = "WARNING"
      title    = "logs grow beyond their budget"
      query    = "sum(increase(logging_googleapis_com:billing_bytes_ingested{monitored_resource=\"global\",resource_type=\"cloud_run_revision\"}[1d])) > ${var.log_budget_mib_per_day * 1024 * 1024}"
      seconds  = 300
      meaning  = "Cloud Run's logs of the last day are more than `log_budget_mib_per_day`. Is `log_level` still `debug`, or is somebody knocking?"
    }
    certificate = {
      wanted   = length(local.checked) > 0
      severity = "ERROR"
      title    = "the certificate is about to expire"
      query    = "min(last_over_time(monitoring_googleapis_com:uptime_check_time_until_ssl_cert_expires{${local.uptime})) < 15"
      seconds  = 600
      meaning  = "Google renews its certificates a month before; it cannot where the domain leads elsewhere. Compare the DNS record with the output `dns_record`."
    }
    unreachable = {
      wanted   = length(local.checked) > 0
      severity = "CRITICAL"
      title    = "the sign-up page cannot be reached"
      query    = "avg(last_over_time(monitoring_googleapis_com:uptime_check_check_passed{${local.uptime})) < 0.5"
      seconds  = 1200
      meaning  = "Most places from which the domain is looked at got no sign-up page, twice in succession."
    }
  }

  # GitHub's and GitLab's name of a heading, in an address.
  runbook_anchors = { for name, alert in local.alerts : name => replace(replace(lower(alert.title), "/[^a-z0-9 -]/", ""), " ", "-") }

  alerts = { for name, alert in merge(local.possible_alerts, local.objective_alerts, local.sign_alerts, local.reconciled_alerts, local.waiting_alerts, local.usage_alerts) : name => alert if alert.wanted }
}

resource "google_monitoring_alert_policy" "main" {
  for_each = local.alerts

  display_name          = "${local.name}: ${each.value.title}"
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = each.value.severity == "CRITICAL" ? concat(local.channels, var.paging_channels) : local.channels

  conditions {
    display_name = each.value.title

    condition_prometheus_query_language {
      query               = each.value.query
      duration            = "${each.value.seconds}s"
      evaluation_interval = "60s"

      # A metric exists from its first value on, which may be long after the first apply.
      disable_metric_validation = true
    }
  }

  documentation {
    subject   = "${local.name}: ${each.value.title}"
    content   = "${each.value.meaning}\n\nWhat to do: `terraform/runbook.md`, *${each.value.title}*."
    mime_type = "text/markdown"

    dynamic "links" {
      for_each = var.runbook_url[*]
      content {
        display_name = "Runbook"
        url          = "${links.value}#${local.runbook_anchors[each.key]}"
      }
    }
  }

  depends_on = [google_logging_metric.counter, google_logging_metric.latency, google_logging_metric.reconciled, google_logging_metric.waiting]
}
