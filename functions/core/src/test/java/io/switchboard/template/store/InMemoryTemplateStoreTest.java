package io.switchboard.template.store;

final class InMemoryTemplateStoreTest extends TemplateStoreContract {
    @Override
    protected TemplateStore store() {
        return new InMemoryTemplateStore(BUILT_IN);
    }
}
