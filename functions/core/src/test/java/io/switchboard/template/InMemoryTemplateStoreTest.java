package io.switchboard.template;

final class InMemoryTemplateStoreTest extends TemplateStoreContract {
    @Override
    protected TemplateStore store() {
        return new InMemoryTemplateStore(BUILT_IN);
    }
}
