# What each reconciliation says of the whole store in its line `reconciled` (procurement-events,
# src/reconcile/progress.rs): what waits, what is absent and what cannot be read.

locals {
  reconciled_metrics = {
    absent = {
      description = "Accounts and orders that Google does not find, and that were not closed yet"
      field       = "jsonPayload.absent"
      unit        = "1"
      # One to a thousand.
      scale   = 1
      buckets = 10
    }
    outbox = {
      description = "News for the application that wait to be published"
      field       = "jsonPayload.outbox"
      unit        = "1"
      # One to a hundred thousand.
      scale   = 1
      buckets = 17
    }
    oldest_in_outbox = {
      description = "For how long the oldest of them has waited; no value while nothing waits"
      field       = "jsonPayload.oldestOutboxS"
      unit        = "s"
      # A second to twelve days.
      scale   = 1
      buckets = 20
    }
    unreadable = {
      description = "Documents of the store and entries of Google's lists that could not be read"
      field       = "jsonPayload.unreadable"
      unit        = "1"
      scale       = 1
      buckets     = 10
    }
    unruled = {
      description = "Orders and changes that wait and fit no rule"
      field       = "jsonPayload.unruled"
      unit        = "1"
      scale       = 1
      buckets     = 10
    }
  }

  # A metric of values is a distribution: its sum by its count is what the last two calls of
  # reconciliation said, on average. Where they said nothing there is no value.
  reconciled_queries = {
    for name in concat(keys(local.reconciled_metrics), keys(local.waiting_metrics)) : name => join(" / ", [
      for part in ["sum", "count"] :
      "sum(increase(${local.promql[name]}_${part}{monitored_resource=\"cloud_run_revision\"}[${2 * var.reconcile_every_minutes + 5}m]))"
    ])
  }

  reconciled_alerts = {
    absent = {
      wanted   = true
      severity = "WARNING"
      title    = "Google has not found something for an hour"
      query    = "${local.reconciled_queries["absent"]} > 0"
      seconds  = 3600
      meaning  = "Accounts or orders that were in force are absent at Google. Nothing is closed before they were absent for a day. `operator absences` lists them; most often Google finds them again."
    }
    outbox = {
      wanted   = true
      severity = "ERROR"
      title    = "the application is not told"
      query    = "${local.reconciled_queries["oldest_in_outbox"]} > 900 or ${local.reconciled_queries["outbox"]} > 1000"
      seconds  = 60
      meaning  = "News for the application wait: the oldest for more than 15 minutes, or more than 1,000 of them. The log lines of procurement-events say why they cannot be published. None is lost."
    }
    unreadable = {
      wanted   = true
      severity = "WARNING"
      title    = "something in the store or of Google's cannot be read"
      query    = "${local.reconciled_queries["unreadable"]} > 0"
      seconds  = 60
      meaning  = "A document or an entry of Google's lists has a form that nothing here knows. The others are looked at; nothing that would have to be decided from this one is. The log line names its collection; `operator doctor` finds it."
    }
    unruled = {
      wanted   = true
      severity = "WARNING"
      title    = "an order that fits no rule has waited for an hour"
      query    = "${local.reconciled_queries["unruled"]} > 0"
      seconds  = 3600
      meaning  = "An order or a change waits, and no rule says what to do. `operator waiting` says why, and where it can be decided."
    }
  }

  reconciled_charts = [
    {
      title = "News not published yet"
      unit  = "entries"
      query = local.reconciled_queries["outbox"]
    },
    {
      title = "Absent at Google, and not closed"
      unit  = "accounts and orders"
      query = local.reconciled_queries["absent"]
    },
    {
      title = "Waiting without a rule"
      unit  = "orders and changes"
      query = local.reconciled_queries["unruled"]
    },
    {
      title = "Accounts and orders that need somebody"
      unit  = "lines in 1 hour"
      query = "sum by (alert) (increase(${local.promql["alerts"]}{${local.own},alert!=\"\"}[1h]))"
    },
  ]
}

resource "google_logging_metric" "reconciled" {
  for_each = local.reconciled_metrics

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
