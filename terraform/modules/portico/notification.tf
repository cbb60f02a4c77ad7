# Where alerts go, and the budget, which is an alert of the billing account's.

locals {
  channels = concat(var.alert_channels, google_monitoring_notification_channel.email[*].id)
}

resource "google_monitoring_notification_channel" "email" {
  count = var.alert_email != null ? 1 : 0

  display_name = "${local.name}: ${var.alert_email}"
  type         = "email"
  labels       = { email_address = var.alert_email }

  depends_on = [time_sleep.apis]
}

# A plan says so each time; it is no error, because the dashboard shows the alerts.
check "alerts_reach_somebody" {
  assert {
    condition     = var.alert_email != null || length(var.alert_channels) > 0
    error_message = "Nobody is alerted: neither alert_email nor alert_channels is set. Alerts are on the dashboard alone."
  }
}

# Google tells the billing account's administrators too. A budget stops nothing: it says what was spent, hours later.
resource "google_billing_budget" "main" {
  count = var.budget != null ? 1 : 0

  billing_account = var.budget.billing_account
  display_name    = "${local.name} in ${var.project}"

  budget_filter {
    projects        = ["projects/${data.google_project.main.number}"]
    calendar_period = "MONTH"
  }

  amount {
    specified_amount {
      units         = tostring(var.budget.amount)
      currency_code = var.budget.currency
    }
  }

  dynamic "threshold_rules" {
    for_each = { half = [0.5, "CURRENT_SPEND"], all = [1, "CURRENT_SPEND"], forecast = [1, "FORECASTED_SPEND"] }
    content {
      threshold_percent = threshold_rules.value[0]
      spend_basis       = threshold_rules.value[1]
    }
  }

  # Google takes e-mail channels alone here.
  dynamic "all_updates_rule" {
    for_each = google_monitoring_notification_channel.email
    content {
      monitoring_notification_channels = [all_updates_rule.value.id]
    }
  }

  depends_on = [time_sleep.apis]
}
