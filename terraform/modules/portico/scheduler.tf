# Scheduled calls, from the functions' map. A call that fails is not repeated: the next is near.
locals {
  jobs = merge([
    for name, function in local.deployed : {
      for job, call in function.jobs : job => merge(call, { function = name })
    }
  ]...)
}

resource "google_cloud_scheduler_job" "main" {
  for_each = local.jobs

  name             = "${local.name}-${each.key}"
  region           = coalesce(var.scheduler_region, var.region)
  description      = "Calls ${each.value.path} of ${each.value.function}"
  schedule         = each.value.schedule
  time_zone        = "Etc/UTC"
  attempt_deadline = "30s"

  http_target {
    http_method = "POST"
    uri         = "${local.run_urls[each.value.function]}${each.value.path}"

    oidc_token {
      service_account_email = google_service_account.scheduler.email
      audience              = local.identity_audiences[each.value.function]
    }
  }

  depends_on = [module.function]
}
