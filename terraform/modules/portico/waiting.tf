# What waits for the operator, with approval_policy = "manual" alone: reconciliation counts it and says
# so in its line `reconciled` (crate `approval`, src/reconcile/waiting.rs). With "auto" nothing waits
# but by a failure, of which log_metrics.tf and alerts.tf know.

locals {
  manual = var.approval_policy == "manual"

  waiting_metrics = {
    orders_waiting = {
      description = "Orders and plan changes that wait for the operator, at each reconciliation"
      field       = "jsonPayload.waiting"
      unit        = "1"
      # One to a thousand.
      scale   = 1
      buckets = 10
    }
    oldest_order_waiting = {
      description = "For how long the oldest of them has waited; no value while nothing waits"
      field       = "jsonPayload.oldestWaitingS"
      unit        = "s"
      # A minute to six weeks.
      scale   = 60
      buckets = 16
    }
  }

  waiting_alerts = {
    approvals_for_operator = {
      wanted   = local.manual
      severity = "WARNING"
      title    = "an order has waited for you for an hour"
      query    = "${local.reconciled_queries["oldest_order_waiting"]} > 3600"
      seconds  = 60
      meaning  = "`approval_policy` is manual, and a customer waits. `operator waiting` lists what does; `operator approve`, `reject` and `plan-change` decide."
    }
  }

  waiting_charts = [
    {
      title = "Approvals waiting for you"
      unit  = "orders and plan changes"
      query = local.reconciled_queries["orders_waiting"]
    },
    {
      title = "Approvals waiting for you: the oldest"
      unit  = "s"
      query = local.reconciled_queries["oldest_order_waiting"]
    },
  ]
}

resource "google_logging_metric" "waiting" {
  for_each = { for name, metric in local.waiting_metrics : name => metric if local.manual }

  name            = "${local.name}/${each.key}"
  description     = each.value.description
  filter          = "${local.own_lines} AND jsonPayload.message=\"reconciled\" AND ${each.value.field}>=0"
  value_extractor = "EXTRACT(${each.value.field})"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = each.value.unit
  }

  bucket_options {
    exponential_buckets {
      scale              = each.value.scale
      growth_factor      = 2
      num_finite_buckets = each.value.buckets
    }
  }

  depends_on = [time_sleep.apis]
}
