# Metrics made from the functions' own log lines. The fields are those of crate `function-runtime`
# (src/serve/request_log.rs): `outcome` or `errorCode`, `durationMs`, and the status, which Cloud
# Logging takes out of `httpRequest`.

locals {
  services = [for name in keys(local.configured) : "${local.name}-${name}"]

  # Lines that a function writes. Cloud Run's own request log has a line for each request too.
  own_lines = join(" AND ", [
    "resource.type=\"cloud_run_revision\"",
    "logName=\"projects/${var.project}/logs/run.googleapis.com%2Fstdout\"",
    "resource.labels.service_name=(${join(" OR ", [for service in local.services : "\"${service}\""])})",
  ])

  # Only the one line of a request has a duration.
  request_lines = "${local.own_lines} AND jsonPayload.durationMs>=0"

  possible_counters = {
    requests = {
      wanted      = true
      description = "Requests answered, by how they ended"
      filter      = local.request_lines
      labels = {
        outcome    = "EXTRACT(jsonPayload.outcome)"
        error_code = "EXTRACT(jsonPayload.errorCode)"
        status     = "EXTRACT(httpRequest.status)"
      }
    }
    cold_starts = {
      wanted      = true
      description = "Instances started"
      filter      = "${local.own_lines} AND jsonPayload.message=~\" listens$\" AND jsonPayload.port>0"
      labels      = {}
    }
    approvals_waiting = {
      wanted      = true
      description = "Approvals that could not be given when they were due"
      filter = join(" AND ", [local.own_lines, "(${join(" OR ", [
        "jsonPayload.errorCode=(\"registration-being-completed\" OR \"approval-unclear\" OR \"other-provider\" OR \"not-approved-yet\")",
        "jsonPayload.message=\"entitlements wait for their approval\"",
        "jsonPayload.message=\"an order still waits, and its approval was refused\"",
      ])})"])
      labels = {}
    }
    keys_unreachable = {
      wanted      = true
      description = "Requests that could not be verified, and refreshes of Google's keys that failed"
      filter = join(" AND ", [local.own_lines, "(${join(" OR ", [
        "jsonPayload.errorCode=(\"verification-unavailable\" OR \"keys-unavailable\")",
        "jsonPayload.message=\"Google's keys were not refreshed\"",
      ])})"])
      labels = {}
    }
    not_repaired = {
      wanted      = true
      description = "Resources that reconciliation could not repair"
      filter      = "${local.own_lines} AND jsonPayload.message=\"reconciliation could not repair\""
      labels      = {}
    }
    alerts = {
      wanted      = true
      description = "Lines about accounts and orders that need somebody, by kind of alert"
      filter      = "${local.own_lines} AND jsonPayload.alert=(\"absence-brake\" OR \"other-provider\" OR \"product-removed\")"
      labels      = { alert = "EXTRACT(jsonPayload.alert)" }
    }
    usage_alerts = {
      wanted      = local.metered
      description = "Lines about usage that need somebody, by kind of alert"
      filter      = "${local.own_lines} AND jsonPayload.alert=(\"usage-report-pending\" OR \"usage-report-refused\" OR \"usage-report-held\" OR \"usage-closing-late\" OR \"usage-set-up-wrong\" OR \"usage-refused\")"
      labels      = { alert = "EXTRACT(jsonPayload.alert)" }
    }
    usage_rounds = {
      wanted      = local.metered
      description = "Calls of /report that came to their end"
      filter      = "${local.own_lines} AND jsonPayload.message=\"usage reported\""
      labels      = {}
    }
  }

  counters = { for name, counter in local.possible_counters : name => counter if counter.wanted }

  # Metric → its name in PromQL.
  promql = {
    for name in concat(keys(local.possible_counters), keys(local.waiting_metrics), keys(local.reconciled_metrics), ["latency"]) :
    name => "logging_googleapis_com:user_${local.identifier}_${name}"
  }
}

resource "google_logging_metric" "counter" {
  for_each = local.counters

  name        = "${local.name}/${each.key}"
  description = each.value.description
  filter      = each.value.filter

  label_extractors = each.value.labels

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"

    dynamic "labels" {
      for_each = each.value.labels
      content {
        key        = labels.key
        value_type = "STRING"
      }
    }
  }

  depends_on = [time_sleep.apis]
}

resource "google_logging_metric" "latency" {
  name            = "${local.name}/latency"
  description     = "Milliseconds from a request's head to its answer"
  filter          = local.request_lines
  value_extractor = "EXTRACT(jsonPayload.durationMs)"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = "ms"
  }

  # From 1 ms to 16 s, each bucket a fifth wider than the one before.
  bucket_options {
    exponential_buckets {
      scale              = 1
      growth_factor      = 1.2
      num_finite_buckets = 54
    }
  }

  depends_on = [time_sleep.apis]
}
