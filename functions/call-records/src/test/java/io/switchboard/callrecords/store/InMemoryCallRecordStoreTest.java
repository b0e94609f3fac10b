package io.switchboard.callrecords.store;

final class InMemoryCallRecordStoreTest extends CallRecordStoreContract {
    @Override
    protected CallRecordStore store(RecordLimits limits) {
        return new InMemoryCallRecordStore(limits);
    }
}
