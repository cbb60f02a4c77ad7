# What Google would answer, where tests look at it or the provider checks it.

mock_data "google_project" {
  defaults = {
    number = "123456789012"
  }
}

mock_resource "google_compute_global_address" {
  defaults = {
    address = "203.0.113.7"
  }
}

override_resource {
  target = google_service_account.hand_off
  values = {
    email  = "portico-hand-off@vendor-marketplace.iam.gserviceaccount.com"
    member = "serviceAccount:portico-hand-off@vendor-marketplace.iam.gserviceaccount.com"
    name   = "projects/vendor-marketplace/serviceAccounts/portico-hand-off@vendor-marketplace.iam.gserviceaccount.com"
  }
}

override_resource {
  target = google_service_account.push
  values = {
    email     = "portico-push@vendor-marketplace.iam.gserviceaccount.com"
    member    = "serviceAccount:portico-push@vendor-marketplace.iam.gserviceaccount.com"
    name      = "projects/vendor-marketplace/serviceAccounts/portico-push@vendor-marketplace.iam.gserviceaccount.com"
    unique_id = "112233445566778899001"
  }
}

override_resource {
  target = google_service_account.scheduler
  values = {
    email     = "portico-scheduler@vendor-marketplace.iam.gserviceaccount.com"
    member    = "serviceAccount:portico-scheduler@vendor-marketplace.iam.gserviceaccount.com"
    name      = "projects/vendor-marketplace/serviceAccounts/portico-scheduler@vendor-marketplace.iam.gserviceaccount.com"
    unique_id = "112233445566778899002"
  }
}

override_resource {
  target = google_service_account.subscriber
  values = {
    email  = "portico-subscriber@vendor-marketplace.iam.gserviceaccount.com"
    member = "serviceAccount:portico-subscriber@vendor-marketplace.iam.gserviceaccount.com"
    name   = "projects/vendor-marketplace/serviceAccounts/portico-subscriber@vendor-marketplace.iam.gserviceaccount.com"
  }
}

override_resource {
  target = module.function["procurement-events"].google_service_account.main
  values = {
    email  = "portico-procurement-events@vendor-marketplace.iam.gserviceaccount.com"
    member = "serviceAccount:portico-procurement-events@vendor-marketplace.iam.gserviceaccount.com"
    name   = "projects/vendor-marketplace/serviceAccounts/portico-procurement-events@vendor-marketplace.iam.gserviceaccount.com"
  }
}

override_resource {
  target = module.function["service-account-link"].google_service_account.main
  values = {
    email  = "portico-service-account-link@vendor-marketplace.iam.gserviceaccount.com"
    member = "serviceAccount:portico-service-account-link@vendor-marketplace.iam.gserviceaccount.com"
    name   = "projects/vendor-marketplace/serviceAccounts/portico-service-account-link@vendor-marketplace.iam.gserviceaccount.com"
  }
}

override_resource {
  target = module.function["signup"].google_service_account.main
  values = {
    email  = "portico-signup@vendor-marketplace.iam.gserviceaccount.com"
    member = "serviceAccount:portico-signup@vendor-marketplace.iam.gserviceaccount.com"
    name   = "projects/vendor-marketplace/serviceAccounts/portico-signup@vendor-marketplace.iam.gserviceaccount.com"
  }
}

override_resource {
  target = module.function["sso-login"].google_service_account.main
  values = {
    email  = "portico-sso-login@vendor-marketplace.iam.gserviceaccount.com"
    member = "serviceAccount:portico-sso-login@vendor-marketplace.iam.gserviceaccount.com"
    name   = "projects/vendor-marketplace/serviceAccounts/portico-sso-login@vendor-marketplace.iam.gserviceaccount.com"
  }
}

override_resource {
  target = module.function["procurement-events"].google_cloud_run_v2_service.main
  values = {
    urls = ["https://portico-procurement-events-123456789012.europe-west1.run.app"]
  }
}

override_resource {
  target = module.function["service-account-link"].google_cloud_run_v2_service.main
  values = {
    urls = ["https://portico-service-account-link-123456789012.europe-west1.run.app"]
  }
}

override_resource {
  target = module.function["signup"].google_cloud_run_v2_service.main
  values = {
    urls = ["https://portico-signup-123456789012.europe-west1.run.app"]
  }
}

override_resource {
  target = module.function["sso-login"].google_cloud_run_v2_service.main
  values = {
    urls = ["https://portico-sso-login-123456789012.europe-west1.run.app"]
  }
}

override_resource {
  target = module.function["usage-report"].google_service_account.main
  values = {
    email  = "portico-usage-report@vendor-marketplace.iam.gserviceaccount.com"
    member = "serviceAccount:portico-usage-report@vendor-marketplace.iam.gserviceaccount.com"
    name   = "projects/vendor-marketplace/serviceAccounts/portico-usage-report@vendor-marketplace.iam.gserviceaccount.com"
  }
}

override_resource {
  target = module.function["usage-report"].google_cloud_run_v2_service.main
  values = {
    urls = ["https://portico-usage-report-123456789012.europe-west1.run.app"]
  }
}
