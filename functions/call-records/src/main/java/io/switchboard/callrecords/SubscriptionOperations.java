package io.switchboard.callrecords;

import io.switchboard.http.Request;
import io.switchboard.http.Response;

interface SubscriptionOperations {
    Response list(Request request);

    Response create(Request request);

    Response read(Request request);

    Response patch(Request request);

    Response delete(Request request);
}
